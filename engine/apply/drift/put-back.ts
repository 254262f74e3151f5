import type { KubeObject } from "../../model/kube-object.ts";
import {
  type Accepted,
  accepted,
  type ApplyContext,
  applyObject,
  type Before,
  claim,
  type Refused,
} from "../apply-object.ts";
import type { Entry } from "../inventory/model.ts";
import { uidOf } from "../ownership.ts";
import { bodyFor, type Item } from "../plan-apply.ts";
import type { SyncContext } from "../sync-context.ts";
import { adoptObject } from "./adopt-object.ts";
import { GONE, named, wasApplied } from "./drift-of.ts";
import { fieldDrift } from "./field-drift.ts";
import { holdingsOf } from "./holdings.ts";
import { leaving, newScaler, REPLICAS_FIELD } from "./replicas.ts";
import { appliersOf } from "./take-over.ts";
import { takeItems } from "./take-items.ts";

type DriftContext = Pick<SyncContext, "live" | "drift" | "autoscaled">;

/**
 * Applies an object that the inventory has: it is wanted otherwise, or differs from what was applied.
 * @throws as KubeApi's requests
 */
export async function applyAgain(
  item: Item,
  entry: Entry,
  apply: ApplyContext,
  context: DriftContext,
): Promise<Accepted | Refused> {
  const facts = context.live.get(item.key);
  if (facts === undefined || facts.digest === entry.live) return applyObject(item, entry, apply);
  const object = facts.changed ?? (await apply.api.get(apply.type, item.id, apply.signal));
  return object === undefined
    ? applyObject(item, entry, apply)
    : putBack(item, entry, object, apply, context);
}

/**
 * Applies an object that was looked at, or makes it where it is not there.
 * @throws as KubeApi's requests
 */
export async function applyFound(
  item: Item,
  found: KubeObject | undefined,
  entry: Entry | undefined,
  apply: ApplyContext,
  context: DriftContext,
): Promise<Accepted | Refused> {
  const claimed = await claim(item, found, entry, apply);
  if ("problem" in claimed) return claimed;
  const { before, adopting } = claimed;
  if (found !== undefined && entry?.uid === uidOf(found)) {
    const { lost } = fieldDrift(bodyFor(item, entry).body, found);
    return lost.length === 0 ? applyObject(item, entry, apply) : putBack(item, entry, found, apply, context);
  }
  const isDrift = entry !== undefined && wasApplied(item, entry);
  const outcome =
    found !== undefined && adopting
      ? await adopt(item, found, before, apply, context)
      : await applyObject(item, before, apply);
  if (outcome.state === "accepted" && isDrift) context.drift.putBack(item, GONE, GONE.fields);
  return outcome;
}

async function adopt(
  item: Item,
  found: KubeObject,
  before: Before,
  apply: ApplyContext,
  context: DriftContext,
): Promise<Accepted | Refused> {
  const scaler = newScaler(item, undefined, holdingsOf(found), context.autoscaled);
  const leaves = before === undefined || scaler === undefined ? before : { ...before, ...leaving(item) };
  const outcome = await adoptObject(item, found, leaves, apply);
  if (outcome.state !== "accepted") return outcome;
  context.drift.adopted(item, appliersOf(found));
  if (scaler !== undefined) tellLeft(item, scaler, context);
  return outcome;
}

/** Puts a live object back to what was applied, except for replicas that something scales. */
async function putBack(
  item: Item,
  entry: Entry,
  live: KubeObject,
  apply: ApplyContext,
  context: DriftContext,
): Promise<Accepted | Refused> {
  const isDrift = wasApplied(item, entry);
  // The watch shows no difference between what is deleted and what lost our label.
  const isGone = context.live.get(item.key) === undefined;
  const drift = fieldDrift(bodyFor(item, entry).body, live);
  const scaler = newScaler(item, entry, drift.holdings, context.autoscaled);
  const before = scaler === undefined ? entry : { ...entry, ...leaving(item) };
  const fields = drift.fields.filter((field) => scaler === undefined || field !== REPLICAS_FIELD);
  if (scaler !== undefined && isDrift && fields.length === 0) {
    tellLeft(item, scaler, context);
    return accepted(item, before, { object: live, created: false });
  }
  if (isDrift) await takeItems(item, entry, live, apply, context);
  const outcome = await applyObject(item, before, apply);
  if (outcome.state !== "accepted") return outcome;
  if (scaler !== undefined) tellLeft(item, scaler, context);
  const managers = drift.managers.filter((manager) => manager !== scaler);
  const drifted = named({ fields, managers });
  if (isDrift) context.drift.putBack(item, drifted, isGone ? GONE.fields : drifted.fields);
  return outcome;
}

function tellLeft(item: Item, scaler: string, { drift }: DriftContext): void {
  drift.left(item, { fields: [REPLICAS_FIELD], managers: [scaler] });
}
