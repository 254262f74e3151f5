import { isDeepStrictEqual } from "node:util";
import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { type Edit, editYaml } from "../yaml/index.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { moveLock } from "../repo/locks/move-lock.ts";
import { clusterDir, clusterFile, lockFile } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import { type ClusterEntry, readClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { deletionByState } from "../fleet/listed-deletion.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import { tellDeletion } from "./describe-deletion.ts";
import { describeEntry } from "./describe-entry.ts";
import { describeRollback, orphansAfter } from "./describe-rollback.ts";
import { outcomeLines } from "./outcomes.ts";
import { replaceDirectory } from "../repo/cluster-files.ts";
import { requireLasting } from "../repo/require.ts";

interface Target {
  readonly commit: string;
  readonly entry: ClusterEntry;
}

/**
 * Brings a cluster back to the newest earlier state on main that differs, or to its state at `to`: profiles,
 * variables, overrides and lock as they were there, without a merge; never connection or tags. Said twice it returns.
 * Throws `rollback-nowhere`, `commit-unknown`, `cluster-unknown`.
 */
export function rollbackCluster(
  repo: Repository,
  args: { readonly cluster: string; readonly to?: string | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  const renderer = createRenderer(repo.reader);
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const fleet = { reader: repo.reader, renderer, state };
      const now = requireLasting(state.snapshot, args.cluster);
      const target = await findTarget(repo.reader, state, now, args.to);
      const then = target.entry;
      const edits: Edit[] = [
        {
          op: "set",
          path: ["spec", "profiles"],
          value: (then.cluster?.spec.profiles ?? []) as unknown as Json,
        },
      ];
      const overrides = await overridesEdits(repo.reader, args.cluster, now, then);
      const text = sameProfiles(now, then) ? now.text : editYaml(now.text, edits);
      const deletion = await deletionByState(fleet, now, then);
      const lines = outcomeLines(tellDeletion(await describeRollback(fleet, now, then), deletion));
      return {
        edits: new Map<string, string | Uint8Array | null>([
          [clusterFile(args.cluster), text],
          [lockFile(args.cluster), formatLock(moveLock(now.lock, then.lock.profiles, deletion?.id))],
          ...overrides,
        ]),
        subject: `Roll back ${args.cluster} to ${describeState(then)}`,
        body: lines.join("\n"),
        trailers: [
          ["Strata-Cluster", args.cluster],
          ["Strata-Rollback-To", target.commit],
        ],
        clusters: [args.cluster],
        notes: [...lines, `as at commit ${target.commit.slice(0, 12)}`],
        warnings: await orphansAfter(fleet, then),
      };
    },
    options,
  );
}

async function findTarget(
  reader: StateReader,
  state: RepoState,
  now: ClusterEntry,
  to: string | undefined,
): Promise<Target> {
  const { git } = reader;
  const commits = await git.log({
    from: state.main ?? "",
    paths: [clusterDir(now.name)],
    firstParent: true,
  });
  if (to !== undefined) return stateOf(reader, state, now, { to, commits });
  for (const commit of commits) {
    const entry = await stateAt(reader, now.name, commit);
    if (entry === undefined) break;
    if (entry.cluster !== undefined && isComplete(entry) && !(await sameState(reader, now, entry)))
      return { commit, entry };
  }
  throw new EngineError("rollback-nowhere", `cluster "${now.name}" has no earlier state that differs`, {
    hint: `\`strata cluster history ${now.name}\` lists what it ran`,
  });
}

/** The state at a commit; where a push left it half-way there, what came of it once its lock was written. */
async function stateOf(
  reader: StateReader,
  state: RepoState,
  { name }: ClusterEntry,
  { to, commits }: { readonly to: string; readonly commits: readonly string[] },
): Promise<Target> {
  const { git } = reader;
  const commit = await git.resolveCommit(to);
  if (commit === undefined || !(await git.isAncestor(commit, state.main ?? ""))) {
    throw new EngineError("commit-unknown", `"${to}" is no commit of main`, {
      hint: `\`strata cluster history ${name}\` lists them`,
    });
  }
  const entry = await stateAt(reader, name, commit);
  if (entry?.cluster === undefined) {
    throw new EngineError(
      "rollback-nowhere",
      `cluster "${name}" had no valid state at ${commit.slice(0, 12)}`,
      { hint: `\`strata cluster history ${name}\` lists what it ran` },
    );
  }
  if (isComplete(entry)) return { commit, entry };
  for (const later of commits.toReversed()) {
    if (!(await git.isAncestor(commit, later))) continue;
    const next = await stateAt(reader, name, later);
    if (next === undefined || !sameProfiles(entry, next)) break;
    if (isComplete(next)) return { commit: later, entry: next };
  }
  return { commit, entry };
}

async function stateAt(reader: StateReader, name: string, commit: string): Promise<ClusterEntry | undefined> {
  const directory = await reader.git.resolvePath(commit, clusterDir(name));
  return directory?.type === "tree" ? readClusterEntry(reader.git, name, directory.oid) : undefined;
}

/** A state that a push left half-way, its lock not yet written, is no state that ever ran. */
function isComplete(entry: ClusterEntry): boolean {
  return (
    entry.cluster?.spec.profiles.every(
      ({ name, version }) => entry.lock.profiles[name]?.version === version,
    ) ?? false
  );
}

function sameProfiles(a: ClusterEntry, b: ClusterEntry): boolean {
  return isDeepStrictEqual(a.cluster?.spec.profiles, b.cluster?.spec.profiles);
}

async function sameState(reader: StateReader, a: ClusterEntry, b: ClusterEntry): Promise<boolean> {
  const trees = (entry: ClusterEntry) =>
    Object.fromEntries(
      Object.entries(entry.lock.profiles).map(([name, { version, tree }]) => [name, [version, tree]]),
    );
  if (!sameProfiles(a, b) || !isDeepStrictEqual(trees(a), trees(b))) return false;
  return (await overridesTree(reader, a)) === (await overridesTree(reader, b));
}

async function overridesTree(reader: StateReader, entry: ClusterEntry): Promise<string | undefined> {
  if (entry.overrides.size === 0) return undefined;
  return (await reader.git.readTree(entry.tree)).find((child) => child.path === "overrides")?.oid;
}

async function overridesEdits(reader: StateReader, cluster: string, now: ClusterEntry, then: ClusterEntry) {
  const [present, wanted] = [await overridesTree(reader, now), await overridesTree(reader, then)];
  if (present === wanted) return new Map<string, Uint8Array | null>();
  return replaceDirectory(reader.git, `${clusterDir(cluster)}/overrides`, wanted, present);
}

function describeState(entry: ClusterEntry): string {
  const running = Object.entries(entry.lock.profiles).map(([name, lock]) => describeEntry(name, lock));
  return running.length === 0 ? "no profiles" : running.join(", ");
}
