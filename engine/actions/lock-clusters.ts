import { EngineError } from "../model/errors.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { completeLocks, type LockEdits } from "../fleet/complete-locks.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import type { Repository } from "../repo/repository.ts";
import { describeLocked } from "./describe-locked.ts";
import { outcomeLines } from "./outcomes.ts";

/**
 * Writes the lock entries that main's tip lacks, and new ones where a merge left content that nothing holds: one commit
 * for all clusters. Throws `lock-unresolved` where an entry cannot be found or an override no longer fits.
 */
export function lockClusters(repo: Repository, options: ChangeOptions): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const renderer = createRenderer(repo.reader);
      const locks = await completeLocks({ reader: repo.reader, renderer, state }, { relocks: true });
      const { problems } = locks;
      if (problems.length > 0) {
        const what = problems.length === 1 ? "a problem stands" : `${problems.length} problems stand`;
        throw new EngineError("lock-unresolved", `no lock was written: ${what} in the way`, { problems });
      }
      return lockChange(locks);
    },
    options,
  );
}

/** The change that writes these locks, with a message that says what became of each cluster's overrides. */
export function lockChange({ edits, locked }: Pick<LockEdits, "edits" | "locked">): Change {
  const clusters = [...edits.keys()].map((path) => path.split("/")[1] ?? path).sort();
  const [first] = clusters;
  const lines = outcomeLines(locked.map(describeLocked));
  return {
    edits,
    isDerived: true,
    subject: clusters.length === 1 ? `Lock ${first ?? ""}` : `Lock ${clusters.length} clusters`,
    body: lines.join("\n"),
    trailers: clusters.slice(0, 50).map((cluster) => ["Strata-Cluster", cluster]),
    clusters,
    notes: lines,
  };
}
