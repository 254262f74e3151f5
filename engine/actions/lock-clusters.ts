import { EngineError } from "../model/errors.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { completeLocks } from "../fleet/complete-locks.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import type { Repository } from "../repo/repository.ts";

/**
 * Writes the lock entries that main's tip lacks, and new ones where a merge left content that nothing holds: one commit
 * for all clusters. Throws `lock-unresolved` where an entry cannot be found or an override no longer fits.
 */
export function lockClusters(repo: Repository, options: ChangeOptions): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const renderer = createRenderer(repo.reader);
      const { edits, problems } = await completeLocks(
        { reader: repo.reader, renderer, state },
        { relocks: true },
      );
      const [problem] = problems;
      if (problem !== undefined)
        throw new EngineError("lock-unresolved", problem.message, { ...problem, problems });
      return lockChange(edits);
    },
    options,
  );
}

/** The change that writes these locks, with a message for people. */
export function lockChange(edits: ReadonlyMap<string, string>): Change {
  const clusters = [...edits.keys()].map((path) => path.split("/")[1] ?? path).sort();
  const [first] = clusters;
  return {
    edits,
    subject: clusters.length === 1 ? `Lock ${first ?? ""}` : `Lock ${clusters.length} clusters`,
    trailers: clusters.slice(0, 50).map((cluster) => ["Strata-Cluster", cluster]),
    clusters,
  };
}
