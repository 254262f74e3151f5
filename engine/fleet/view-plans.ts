import type { MassDeletion } from "../model/mass-deletion.ts";
import type { PlanEffect, PlanView, UpdateView } from "../model/plan.ts";
import { makePlan, type PlanInput, summarisePlan } from "../plan/make-plan.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";
import { deletionByUpdates } from "./listed-deletion.ts";
import { pendingPlans } from "./pending-plans.ts";

/**
 * The plan of an update, which also says what it makes of the cluster as a whole.
 * @param tried what the cluster makes of its effects; left out: it was not asked
 */
export async function viewPlan(
  fleet: FleetState,
  entry: ClusterEntry,
  input: PlanInput,
  tried?: readonly Pick<PlanEffect, "effect" | "why" | "problem">[],
): Promise<PlanView> {
  return withDeletion(makePlan(input, tried), await deletionByUpdates(fleet, entry, [input]));
}

/** The plans of a cluster's pending updates, in the order of its profiles. */
export async function viewPlans(fleet: FleetState, entry: ClusterEntry): Promise<PlanView[]> {
  const plans: PlanView[] = [];
  for (const input of await pendingPlans(fleet, entry)) plans.push(await viewPlan(fleet, entry, input));
  return plans;
}

/** A plan in few words, for lists. */
export async function viewUpdate(
  fleet: FleetState,
  entry: ClusterEntry,
  input: PlanInput,
): Promise<UpdateView> {
  return withDeletion(summarisePlan(input), await deletionByUpdates(fleet, entry, [input]));
}

/** A view that says whether it deletes that much. */
export function withDeletion<View>(
  view: View,
  found: MassDeletion | undefined,
): View | (View & { readonly massDeletion: MassDeletion }) {
  if (found === undefined) return view;
  const { id, deletes, of } = found;
  return { ...view, massDeletion: { id, deletes, of } };
}
