import type { Settings } from "../model/settings.ts";
import { durationSeconds } from "../model/schema-parts.ts";
import { EngineError } from "../model/errors.ts";
import { editYaml } from "../yaml/index.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { clusterDir, clusterFile } from "../repo/paths.ts";
import { requireCluster } from "../repo/require.ts";
import type { Repository } from "../repo/repository.ts";
import type { Leftovers } from "../model/status.ts";
import { leftoverLines } from "./leftovers.ts";

export interface ClusterDeletion {
  readonly cluster: string;
  /** The name once more: only where it is the same is anything deleted. */
  readonly confirm: string;
}

/**
 * Asks for the deletion of a cluster: the engine uninstalls it and then removes its directory. Said again it changes
 * nothing. Throws `cluster-unknown`, `confirmation-invalid`.
 */
export async function deleteCluster(
  repo: Repository,
  { cluster, confirm }: ClusterDeletion,
  options: ChangeOptions,
): Promise<ChangeResult> {
  requireConfirmation(cluster, confirm);
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const { text, ...entry } = requireCluster(state.snapshot, cluster);
      const asked = entry.cluster.spec.deletion !== undefined;
      const value = { requestedAt: new Date().toISOString().replace(/\.\d+Z$/, "Z") };
      const edited = editYaml(text, [{ op: "set", path: ["spec", "deletion"], value }]);
      const { removeAfter } = state.snapshot.settings.spec.deletion;
      return {
        edits: new Map(asked ? [] : [[clusterFile(cluster), edited]]),
        subject: `Delete cluster ${cluster}`,
        trailers: [["Strata-Cluster", cluster]],
        clusters: [cluster],
        notes: asked
          ? [`its deletion was asked for at ${entry.cluster.spec.deletion?.requestedAt ?? ""}`]
          : [
              `what it runs is uninstalled, then its directory goes; by itself after ${removeAfter} at the latest`,
              "until then, reverting this commit keeps what is left",
            ],
      };
    },
    options,
  );
}

/**
 * Ends a deletion that does not end: the directory goes, and what is left in the cluster stays there. Throws
 * `deletion-too-young` before the time that settings give it, `deletion-not-requested`.
 */
export async function forceDeletion(
  repo: Repository,
  { cluster, confirm, leftovers }: ClusterDeletion & { readonly leftovers: Leftovers },
  options: ChangeOptions,
): Promise<ChangeResult> {
  requireConfirmation(cluster, confirm);
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const requestedAt = requireCluster(state.snapshot, cluster).cluster.spec.deletion?.requestedAt;
      if (requestedAt === undefined) {
        throw new EngineError("deletion-not-requested", `nobody asked for the deletion of "${cluster}"`, {
          hint: `begin with \`strata cluster delete ${cluster} --confirm ${cluster}\``,
        });
      }
      const from = deletionEnd(requestedAt, state.snapshot.settings, "forceAfter");
      if (Date.now() < from) {
        const time = new Date(from).toISOString();
        throw new EngineError(
          "deletion-too-young",
          `the deletion of "${cluster}" may be forced from ${time} on`,
          {
            hint: `\`strata cluster show ${cluster}\` says what it waits for; spec.deletion.forceAfter in strata.yaml is the setting`,
          },
        );
      }
      return removalOf(cluster, leftovers, "forced");
    },
    options,
  );
}

/** When a deletion may be forced, or ends by itself, in milliseconds since the epoch. */
export function deletionEnd(
  requestedAt: string,
  { spec }: Settings,
  setting: "forceAfter" | "removeAfter",
): number {
  return Date.parse(requestedAt) + durationSeconds(spec.deletion[setting]) * 1_000;
}

/** The change that removes a cluster's directory; what is left in the cluster stands in its message. */
export function removalOf(cluster: string, leftovers: Leftovers, how: "done" | "forced" | "late"): Change {
  const why = { done: "", forced: " (forced)", late: " (its time is over)" }[how];
  const lines = leftoverLines(leftovers);
  return {
    edits: new Map([[clusterDir(cluster), null]]),
    subject: `Remove cluster ${cluster}${why}`,
    ...(lines.length === 0 ? {} : { body: lines.join("\n") }),
    trailers: [["Strata-Cluster", cluster]],
    clusters: [],
    notes: lines,
  };
}

function requireConfirmation(cluster: string, confirm: string): void {
  if (cluster === confirm) return;
  throw new EngineError("confirmation-invalid", `"${confirm}" is not the name of the cluster to delete`, {
    hint: `say its name: --confirm ${cluster}`,
  });
}
