import { isDeepStrictEqual } from "node:util";
import type { Lock } from "../../model/lock.ts";

/**
 * The lock with these entries. A deletion that it approves is approved for what it locks: where that moves, the approval
 * goes.
 * @param approved the id of the mass deletion that the move itself lists
 */
export function moveLock(before: Lock, profiles: Lock["profiles"], approved?: string): Lock {
  const prune =
    approved ??
    (isDeepStrictEqual(contentOf(before.profiles), contentOf(profiles)) ? before.prune : undefined);
  return { profiles, ...(prune === undefined ? {} : { prune }) };
}

function contentOf(profiles: Lock["profiles"]): unknown {
  return new Map(Object.entries(profiles).map(([name, { version, tree }]) => [name, { version, tree }]));
}
