import { EngineError, type Problem } from "../model/errors.ts";
import { describeLocked } from "../actions/describe-locked.ts";
import { lockChange } from "../actions/lock-clusters.ts";
import { boundOutcomes } from "../actions/outcomes.ts";
import { commitChange } from "../repo/commit-change.ts";
import { completeLocks, type LockedProfile } from "../fleet/complete-locks.ts";
import type { Renderer } from "../fleet/render-cluster.ts";
import { REMOTE_UNREAD } from "../repo/git/remote-problem.ts";
import { ENGINE_IDENTITY, release } from "../repo/release.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import type { NewEvent } from "./event-log.ts";

export interface PassResult {
  readonly state: RepoState;
  /** What keeps versions from being released or locks from being written, and what to do. */
  readonly conditions: readonly Problem[];
  /** Something was to be written and could not be: the next pass tries it again. */
  readonly isRefused: boolean;
}

/**
 * One look at the repository: releases what tips call for and writes the lock entries that main's tip lacks. A second
 * pass changes nothing. What may not be pushed is a condition, not an error. Throws what fetching throws:
 * `remote-unreachable`, `remote-access-denied`, `remote-untrusted`,
 * `remote-without-main`.
 */
export async function passRepository(
  repo: Repository,
  renderer: Renderer,
  emit: (event: NewEvent) => void,
  signal: AbortSignal,
): Promise<PassResult> {
  const missing = (state: RepoState) =>
    completeLocks({ reader: repo.reader, renderer, state }, { relocks: false });
  const conditions: Problem[] = [];
  const { state: released, isRefused } = await releaseAll(repo, emit, conditions, signal);
  let locks = await missing(released);
  if (locks.edits.size === 0) return { state: released, conditions, isRefused };
  try {
    const write = async (state: RepoState) => {
      locks = await missing(state);
      return lockChange(locks);
    };
    const { commit } = await commitChange(repo, write, { signal, author: ENGINE_IDENTITY });
    if (commit !== null) for (const event of lockEvents(commit, locks.locked)) emit(event);
    // Locked content that no revision holds becomes one.
    return { conditions, ...(await releaseAll(repo, emit, conditions, signal)) };
  } catch (error) {
    conditions.push(refused(error, "the lock of some clusters cannot be written"));
    return { state: released, conditions, isRefused: true };
  }
}

/** What the engine locked, one event for each profile of a cluster; of very many, for those that matter most. */
function lockEvents(commit: string, locked: readonly LockedProfile[]): NewEvent[] {
  const { shown, rest } = boundOutcomes(locked.map(describeLocked));
  const events = shown.map(({ cluster, profile, title, lines }): NewEvent => {
    const details = lines.length === 0 ? {} : { details: lines };
    return { type: "lock", cluster, profile, commit, message: `locked ${title}`, ...details };
  });
  return rest === undefined ? events : [...events, { type: "lock", commit, message: `locked ${rest}` }];
}

async function releaseAll(
  repo: Repository,
  emit: (event: NewEvent) => void,
  conditions: Problem[],
  signal: AbortSignal,
): Promise<Pick<PassResult, "state" | "isRefused">> {
  try {
    const result = await release(repo, { signal });
    for (const { profile, version, number, commit } of result.released) {
      emit({
        type: "release",
        profile,
        commit,
        message: `${profile}@${version} revision ${number} released`,
      });
    }
    for (const condition of result.conditions)
      if (!isKnown(conditions, condition)) conditions.push(condition);
    return { state: result.state, isRefused: false };
  } catch (error) {
    conditions.push(refused(error, "new versions cannot be released"));
    return { state: await repo.loadKnown(signal), isRefused: true };
  }
}

function isKnown(conditions: readonly Problem[], condition: Problem): boolean {
  return conditions.some((known) => known.code === condition.code && known.object === condition.object);
}

/** What Git or the forge refused is told and worked around; anything else is passed on. */
function refused(error: unknown, what: string): Problem {
  if (!(error instanceof EngineError) || REMOTE_UNREAD.has(error.code)) throw error;
  const problem = error.toProblem();
  return { ...problem, message: `${what}: ${problem.message}` };
}
