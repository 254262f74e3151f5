import { deletionByUpdates } from "../fleet/listed-deletion.ts";
import { gatherPlan } from "../fleet/plan-update.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import type { LockEntry } from "../model/lock.ts";
import type { ListedDeletion } from "../model/mass-deletion.ts";
import type { OverrideFate } from "../plan/describe-merge.ts";
import { describeResolved } from "../plan/describe-resolved.ts";
import { type PlanInput, withDecisions } from "../plan/make-plan.ts";
import { type Decisions, resolveOverrides } from "../plan/resolve-overrides.ts";
import { approvalOf } from "../repo/locks/approvals.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { deletionFates } from "./describe-deletion.ts";
import { mergedEntry, type OverrideEdits, overrideEdits } from "./override-edits.ts";
import { refuseBroken } from "./refuse-broken.ts";

export interface Carried {
  readonly edits: OverrideEdits["edits"];
  /** The lock entry with what the overrides were merged with. */
  readonly locked: LockEntry;
  /** What becomes of the overrides, and of the cluster where much of it goes. */
  readonly overrides: readonly OverrideFate[];
  /** What the cluster loses, where it is much. */
  readonly deletion: ListedDeletion | undefined;
  /** What the cluster goes through, with the decisions. */
  readonly plan: PlanInput;
}

interface Carrying {
  readonly entry: ClusterEntry;
  /** The profile as the cluster names it so far. */
  readonly attached: { readonly name: string; readonly version: string };
  readonly chosen: LockEntry;
}

/**
 * Carries a cluster's overrides of a profile over to the content that it is to run, by the three-way merge that guards
 * every update. Throws `plan-invalid` where that cannot be rendered, and what {@link resolveOverrides} throws.
 */
export async function carryOverrides(
  reader: StateReader,
  state: RepoState,
  { entry, attached, chosen }: Carrying,
  drop: readonly string[],
): Promise<Carried> {
  const fleet = { reader, renderer: createRenderer(reader), state };
  const { name: profile } = attached;
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
  const plan = withDecisions(input, resolved);
  const deletion = await deletionByUpdates(fleet, entry, [plan]);
  return {
    edits,
    locked: mergedEntry(chosen, remain),
    overrides: [...deletionFates(deletion), ...describeResolved(input, resolved)],
    deletion,
    plan,
  };
}
