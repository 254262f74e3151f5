import type { Parent } from "../inventory/parent.ts";

/** What an engine knows when it is to act in a cluster. Times in milliseconds by its own clock. */
export interface TurnFacts {
  /** The inventory's parent as read; undefined where there is none. */
  readonly parent: Pick<Parent, "engine" | "commit" | "state"> | undefined;
  /** There was a parent, and someone else took it away. */
  readonly wasTakenAway: boolean;
  /** Id of this engine. */
  readonly engine: string;
  /** The commits at which the repository says what this engine wants, the newest last. */
  readonly commits: readonly string[];
  /** Git's answer: the parent's commit is an ancestor of our newest one, and another. An unknown commit is none. */
  readonly isDescendant: boolean;
  /** For how long the parent has not changed although there was something to do. */
  readonly quietMs: number;
  /** How often this engine took the turn from another at these very commits. */
  readonly takenBefore: number;
  /** The repository, asked when all was quiet for long enough, says that our newest commit is main's tip. */
  readonly isTip: boolean;
}

/**
 * What an engine may do in a cluster.
 * - `hold`: it is its turn already.
 * - `take`: it may take the turn, by a compare-and-swap of the parent, when it has something to do.
 * - `observe`: another engine has it; it may be taken when the parent stays as it is for so long still.
 * - `stale`: the same, and the other engine knows of a commit that we do not know of: the repository is looked at again.
 */
export type TurnDecision =
  | { readonly turn: "hold" | "take" }
  | { readonly turn: "observe" | "stale"; readonly forMs: number };

/** How long the parent must be quiet before an engine at work counts as gone. */
export const PATIENCE = 60_000;
/** The same once it has finished: time for a living one to do what has come up since. */
export const FINISHED_PATIENCE = 5_000;
/** Engines that want different things at one commit take the turn from each other at most so often. */
const MOST_PATIENCE = 3_600_000;

/** Decides whose turn it is. Rule: docs/decisions/0004-engines-take-turns.md. */
export function decideTurn(facts: TurnFacts): TurnDecision {
  const { parent, wasTakenAway, engine, commits, isDescendant, quietMs, takenBefore, isTip } = facts;
  if (parent === undefined) return wasTakenAway && !isTip ? { turn: "stale", forMs: 0 } : { turn: "take" };
  if (parent.engine === engine) return { turn: "hold" };
  const isSame = commits.includes(parent.commit);
  if (isDescendant && !isSame) return { turn: "take" };
  const isOver = parent.engine === "" || (parent.state === "finished" && isSame);
  const patience = isOver ? FINISHED_PATIENCE : PATIENCE;
  const forMs = Math.max(0, Math.min(MOST_PATIENCE, patience * 2 ** takenBefore) - quietMs);
  if (isSame) return forMs > 0 ? { turn: "observe", forMs } : { turn: "take" };
  return forMs === 0 && isTip ? { turn: "take" } : { turn: "stale", forMs };
}
