import { describeId } from "../model/kube-object.ts";
import type { ListedDeletion } from "../model/mass-deletion.ts";
import type { OverrideFate } from "../plan/describe-merge.ts";
import type { Outcome } from "./outcomes.ts";

/** So many objects are named. */
const MOST = 10;

/** What a commit that approves a mass deletion says of it; nothing where it approves none. */
export function deletionFates(found: ListedDeletion | undefined): OverrideFate[] {
  if (found === undefined) return [];
  const { deletes, of, objects } = found;
  const names = objects.slice(0, MOST).map(describeId).join(", ");
  const rest = objects.length > MOST ? ` and ${objects.length - MOST} more` : "";
  return [{ state: "gone", text: `removes ${deletes} of ${of} objects: ${names}${rest}` }];
}

/** What a commit does to the profiles of one cluster, the first of them with the mass deletion that it approves. */
export function tellDeletion(outcomes: readonly Outcome[], found: ListedDeletion | undefined): Outcome[] {
  const [first, ...others] = outcomes;
  if (first === undefined) return [];
  return [{ ...first, overrides: [...deletionFates(found), ...first.overrides] }, ...others];
}
