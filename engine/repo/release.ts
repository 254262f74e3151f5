import { EngineError, type Problem } from "../model/errors.ts";
import { computeRelease, writeRevisions } from "./compute-release.ts";
import type { Repository } from "./repository.ts";
import type { RepoState } from "./state.ts";
import type { NewRevision } from "./versions/plan-release.ts";

const MAX_ATTEMPTS = 60;

export interface ReleaseResult {
  readonly released: readonly NewRevision[];
  readonly conditions: readonly Problem[];
  /** The state that the pass ended on. */
  readonly state: RepoState;
}

/** Who signs revisions where no commit of the profile tells an author. */
export const ENGINE_IDENTITY = { name: "Strata", email: "strata@localhost" } as const;

/**
 * One pass of *release on push*: makes the revisions that the tips call for. A lost race is planned again on the new
 * state. A second pass does nothing. Throws `push-refused`, and what fetching throws.
 */
export async function release(
  repo: Repository,
  options: { signal: AbortSignal; dryRun?: boolean | undefined },
): Promise<ReleaseResult> {
  for (let attempt = 1; ; attempt++) {
    const state = await repo.load(options.signal);
    const plan = await computeRelease(repo.reader, state);
    if (plan.revisions.length === 0 || options.dryRun === true) {
      return { released: plan.revisions, conditions: plan.conditions, state };
    }
    try {
      await repo.move(
        await writeRevisions(repo.reader, plan.revisions, new Date(), ENGINE_IDENTITY),
        options.signal,
      );
      return {
        released: plan.revisions,
        conditions: plan.conditions,
        state: await repo.loadKnown(options.signal),
      };
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "ref-race" || attempt === MAX_ATTEMPTS)
        throw error;
    }
  }
}
