import { EngineError } from "../model/errors.ts";
import { editYaml } from "../yaml/index.ts";
import type { ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { clusterDir, clusterFile } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import { listTree } from "../repo/cluster-files.ts";
import { requireLasting, requireName } from "../repo/require.ts";

/** Renames a cluster's directory; what runs in it stays. Throws `cluster-exists`, `cluster-unknown`, `name-invalid`. */
export async function renameCluster(
  repo: Repository,
  args: { readonly from: string; readonly to: string },
  options: ChangeOptions,
): Promise<ChangeResult> {
  requireName(args.to, "cluster");
  return commitChange(
    repo,
    async (state) => {
      const entry = requireLasting(state.snapshot, args.from);
      if (state.snapshot.clusters.has(args.to)) {
        throw new EngineError("cluster-exists", `there is a cluster "${args.to}" already`);
      }
      const edits = new Map<string, string | Uint8Array | null>();
      for (const file of await listTree(repo.git, entry.tree)) {
        edits.set(`${clusterDir(args.from)}/${file.path}`, null);
        edits.set(`${clusterDir(args.to)}/${file.path}`, await repo.git.readBlob(file.oid));
      }
      edits.set(
        clusterFile(args.to),
        editYaml(entry.text, [{ op: "set", path: ["metadata", "name"], value: args.to }]),
      );
      return {
        edits,
        subject: `Rename cluster ${args.from} to ${args.to}`,
        trailers: [["Strata-Cluster", args.to]],
        clusters: [args.to],
      };
    },
    options,
  );
}
