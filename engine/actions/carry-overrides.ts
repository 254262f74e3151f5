import { gatherPlan } from "../fleet/plan-update.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import type { LockEntry } from "../model/lock.ts";
import type { OverrideFate } from "../plan/describe-merge.ts";
import { describeResolved } from "../plan/describe-resolved.ts";
import { type Decisions, resolveOverrides } from "../plan/resolve-overrides.ts";
import { approvalOf } from "../repo/locks/approvals.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { mergedEntry, type OverrideEdits, overrideEdits } from "./override-edits.ts";
import { refuseBroken } from "./refuse-broken.ts";

export interface Carried {
  readonly edits: OverrideEdits["edits"];
  /** The lock entry with what the overrides were merged with. */
  readonly locked: LockEntry;
  readonly overrides: readonly OverrideFate[];
}

/**
 * Carries a cluster's overrides of a profile over to the content that it is to run, by the three-way merge that guards
 * every update. Throws `plan-invalid` where that cannot be rendered, and what {@link resolveOverrides} throws.
 */
export async function carryOverrides(
  reader: StateReader,
  state: RepoState,
  {
    entry,
    profile,
    chosen,
  }: { readonly entry: ClusterEntry; readonly profile: string; readonly chosen: LockEntry },
  drop: readonly string[],
): Promise<Carried> {
  const attached = entry.cluster?.spec.profiles.find(({ name }) => name === profile);
  if (attached === undefined || (!entry.overrides.has(profile) && drop.length === 0))
    return { edits: new Map(), locked: chosen, overrides: [] };
  const fleet = { reader, renderer: createRenderer(reader), state };
  const { version, tree } = chosen;
  const found = await approvalOf(reader, state, entry, attached);
  const approval =
    "tree" in found ? found : { profile, version, tree, revision: undefined, from: "lock" as const };
  const target = { version, tree, revision: chosen.revision ?? null };
  const input = await gatherPlan(fleet, entry, approval, target);
  refuseBroken(input);
  const decisions: Decisions = { drop, edited: new Map() };
  const resolved = resolveOverrides(input, decisions);
  const { edits, remain } = overrideEdits(
    { cluster: entry.name, profile },
    await fleet.renderer.overrides(entry, profile),
    resolved,
  );
  return { edits, locked: mergedEntry(chosen, remain), overrides: describeResolved(input, resolved) };
}
