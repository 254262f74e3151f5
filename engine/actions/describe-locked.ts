import type { LockedProfile } from "../fleet/complete-locks.ts";
import { describeMerge, type OverrideFate } from "../plan/describe-merge.ts";
import { describeMove } from "./describe-entry.ts";
import type { Outcome } from "./outcomes.ts";

/** What a lock comes to say of a profile, and what becomes of each overridden path, for people. */
export function describeLocked({
  cluster,
  profile,
  before,
  after,
  layers,
  problems,
}: LockedProfile): Outcome {
  const title =
    after === undefined
      ? `${profile} is locked no more: the cluster does not have it`
      : describeMove(profile, before, after);
  // What does not fit says so itself, and what to do
  const stuck = problems.map(
    ({ code, message, hint }): OverrideFate => ({
      state: code === "override-orphaned" ? "orphaned" : "unread",
      text: message,
      ...(hint === undefined ? {} : { hint }),
    }),
  );
  const fits = layers
    .flatMap(({ paths }) => paths)
    .filter(({ state }) => state !== "orphaned")
    .map((path): OverrideFate => ({ state: path.state, text: describeMerge(path) }));
  return { cluster, profile, title, overrides: [...stuck, ...fits] };
}
