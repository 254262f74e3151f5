import { EngineError } from "../model/errors.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { missingLocks, relockedClusters } from "../repo/locks/fill-locks.ts";
import type { Repository } from "../repo/repository.ts";

/**
 * Writes the lock entries that main's tip lacks, and new ones where a merge left content that nothing holds: one commit
 * for all clusters. Throws `lock-unresolved` where an entry cannot be found.
 */
export function lockClusters(repo: Repository, options: ChangeOptions): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const missing = await missingLocks(repo.reader, state);
      const relocked = await relockedClusters(repo.reader, state);
      const [problem] = relocked.problems;
      if (problem !== undefined) {
        throw new EngineError("lock-unresolved", problem.message, {
          ...problem,
          problems: relocked.problems,
        });
      }
      const edits = new Map([...missing, ...relocked.edits]);
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
