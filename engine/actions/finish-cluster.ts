import { EngineError } from "../model/errors.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { replaceDirectory } from "../repo/cluster-files.ts";
import { commitChange } from "../repo/commit-change.ts";
import { clusterDir, clusterFile } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import { editYaml } from "../yaml/index.ts";

/**
 * Finishes a cluster whose directory was removed by hand: brings the directory back to be deleted, so that the engine
 * uninstalls what it left. Throws `cluster-not-orphaned`.
 */
export function finishCluster(
  repo: Repository,
  { cluster }: { readonly cluster: string },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const orphans = await repo.reader.orphansOf(state.snapshot);
      const orphan = orphans.find(({ entry }) => entry.name === cluster);
      if (orphan === undefined) {
        const exists = state.snapshot.clusters.has(cluster);
        throw new EngineError(
          "cluster-not-orphaned",
          exists ? `cluster "${cluster}" has its directory` : `no cluster "${cluster}" lost its directory`,
          {
            hint: exists
              ? `\`strata cluster delete ${cluster} --confirm ${cluster}\` uninstalls it`
              : `orphaned are: ${orphans.map(({ entry }) => entry.name).join(", ") || "none"}`,
          },
        );
      }
      const { tree, text } = orphan.entry;
      const edits = await replaceDirectory(repo.git, clusterDir(cluster), tree, undefined);
      const requestedAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
      const edited = editYaml(text, [{ op: "set", path: ["spec", "deletion"], value: { requestedAt } }]);
      return {
        edits: new Map<string, string | Uint8Array | null>([...edits, [clusterFile(cluster), edited]]),
        subject: `Finish cluster ${cluster}: uninstall what its directory left`,
        trailers: [["Strata-Cluster", cluster]],
        clusters: [cluster],
        notes: [`its directory was removed by ${orphan.removedBy.slice(0, 12)}`],
      };
    },
    options,
  );
}
