import type { Connection } from "../model/cluster.ts";
import type { LayerName } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import type { Renderer } from "../fleet/render-cluster.ts";
import { fillLock } from "../repo/locks/fill-locks.ts";
import { lockFile } from "../repo/paths.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import type { Target } from "./cluster-runner.ts";

export interface KeyedTarget {
  /** Equal exactly when nothing changed that counts for the cluster. */
  readonly key: string;
  /** Renders; called only where the key is new. */
  readonly target: () => Promise<Target>;
}

/** What a cluster shall be at a state: only what its lock approves is rendered. */
export async function targetOf(
  reader: StateReader,
  renderer: Renderer,
  state: RepoState,
  entry: ClusterEntry,
  repository: string,
): Promise<KeyedTarget> {
  const connection = entry.cluster?.spec.connection;
  if (connection !== undefined && entry.cluster?.spec.deletion !== undefined)
    return uninstallTarget(reader, state, { entry, connection, repository });
  const filled = await fillLock(reader, state, entry);
  const problems = [
    ...entry.problems,
    ...filled.problems,
    ...filled.approvals.flatMap((one) => unwritten(entry, one)),
  ];
  if (connection === undefined || problems.length > 0) {
    return {
      key: JSON.stringify(["blocked", problems]),
      target: async () => ({ connection, blockedBy: problems }),
    };
  }
  const trees = filled.approvals.map(({ profile, tree }) => [
    profile,
    tree,
    entry.overrides.get(profile),
    entry.overrides.has(profile) ? entry.lock.profiles[profile]?.merged : undefined,
  ]);
  const unattached = [...entry.overrides.keys()].filter((name) =>
    trees.every(([profile]) => profile !== name),
  );
  const { prune } = entry.lock;
  const key = JSON.stringify([connection, trees, state.snapshot.settings.spec, unattached, prune]);
  return { key, target: () => render(connection) };

  async function render(to: Connection): Promise<Target> {
    const rendered = await renderer.cluster(entry, filled.approvals, state.snapshot.settings.spec);
    if (rendered.steps === undefined) {
      return {
        connection: to,
        blockedBy: rendered.problems.filter((problem) => problem.severity !== "warning"),
      };
    }
    const commit = state.snapshot.commit ?? "";
    const { steps } = rendered;
    const desired = {
      cluster: entry.name,
      repository,
      commit,
      steps,
      ...(prune === undefined ? {} : { prune }),
    };
    return { connection: to, desired };
  }
}

/** A cluster that is being deleted: everything goes, layer by layer in reverse, as far as the locked profiles tell their order. */
function uninstallTarget(
  reader: StateReader,
  { snapshot }: RepoState,
  { entry, connection, repository }: { entry: ClusterEntry; connection: Connection; repository: string },
): KeyedTarget {
  return {
    key: JSON.stringify(["uninstall", connection]),
    target: async () => {
      const attached = (entry.cluster?.spec.profiles ?? []).map(async ({ name }): Promise<LayerName[]> => {
        const tree = entry.lock.profiles[name]?.tree;
        const held = tree !== undefined && (await reader.git.readObject(tree))?.type === "tree";
        const profile = held ? (await reader.profileAt(name, tree)).profile : undefined;
        return (profile?.spec.layers ?? []).map((layer) => ({
          profile: name,
          name: layer.name,
          type: layer.type,
        }));
      });
      const uninstall = (await Promise.all(attached)).flat();
      const desired = {
        cluster: entry.name,
        repository,
        commit: snapshot.commit ?? "",
        steps: [],
        uninstall,
      };
      return { connection, desired };
    },
  };
}

/** An approval that follows from the repository but stands in no lock yet is not applied. */
function unwritten(
  entry: ClusterEntry,
  approval: { readonly profile: string; readonly version: string; readonly from: string },
): Problem[] {
  if (approval.from === "lock") return [];
  const message = `the lock does not name ${approval.profile}@${approval.version} yet`;
  return [
    {
      code: "lock-missing",
      message,
      file: lockFile(entry.name),
      hint: "run `strata lock --commit`",
      severity: "error",
    },
  ];
}
