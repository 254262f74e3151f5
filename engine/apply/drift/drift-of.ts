import type { Entry } from "../inventory/model.ts";
import { bodyFor, isSentAsIs, type Item, type Known } from "../plan-apply.ts";
import type { Drifted } from "./contests.ts";
import { fieldDrift } from "./field-drift.ts";
import { WHOLE_OBJECT } from "./notice.ts";

/** An object as a whole that is gone, or is another one now. */
export const GONE: Drifted = { fields: [WHOLE_OBJECT], managers: [] };

/**
 * What drifted of an object that is not as last applied.
 * @returns undefined where it is no drift: the object is wanted otherwise now, or was not applied yet
 */
export function driftOf(item: Item, { entry, facts }: Known): Drifted | undefined {
  if (entry === undefined || !wasApplied(item, entry)) return undefined;
  if (facts?.changed === undefined) return GONE;
  return named(fieldDrift(bodyFor(item, entry).body, facts.changed));
}

/** Whether an object was applied as it is wanted now. */
export function wasApplied(item: Item, entry: Entry): boolean {
  return entry.state === "wanted" && entry.uid !== "" && isSentAsIs(item, entry);
}

/** Drift as it is told: where no field is named, something was added under our own name. */
export function named({ fields, managers }: Drifted): Drifted {
  return { fields: fields.length === 0 ? [".metadata.managedFields"] : fields, managers };
}
