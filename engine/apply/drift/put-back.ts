import { failureKind } from "../../cluster/failure-kind.ts";
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
import { replicasOf } from "../normalise.ts";
import { resourceVersionOf, uidOf } from "../ownership.ts";
import { bodyFor, type Item } from "../plan-apply.ts";
import type { SyncContext } from "../sync-context.ts";
import { adoptObject } from "./adopt-object.ts";
import { ANOTHER_ENGINE } from "./departures.ts";
import { GONE, named, wasApplied } from "./drift-of.ts";
import { type FieldDrift, fieldDrift } from "./field-drift.ts";
import { type Holdings, holdingsOf } from "./holdings.ts";
import { moveItemsPatch } from "./move-items.ts";
import { REPLICAS_FIELD, scaledBy } from "./replicas.ts";

/** A patch that names a resourceVersion loses against writers of the same time. */
const ATTEMPTS = 3;

type DriftContext = Pick<SyncContext, "store" | "live" | "drift" | "autoscaled" | "turn">;

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
  // Each deletion of Strata's stands in the inventory before it happens.
  if (isDrift && !(await context.store.isCurrent(item.key, apply.signal))) {
    context.turn.isLost = true;
    return { state: "not-yet", problem: { ...item.place, ...ANOTHER_ENGINE } };
  }
  const outcome =
    found !== undefined && adopting
      ? await adopt(item, found, before, apply, context)
      : await applyObject(item, before, apply);
  if (outcome.state === "accepted" && isDrift) context.drift.putBack(item, GONE);
  return outcome;
}

async function adopt(
  item: Item,
  found: KubeObject,
  before: Before,
  apply: ApplyContext,
  context: DriftContext,
): Promise<Accepted | Refused> {
  const scaler = replicasScaledBy(item, holdingsOf(found), context);
  if (before === undefined || scaler === undefined) return adoptObject(item, found, before, apply);
  const outcome = await adoptObject(item, found, { ...before, ...leaving(item) }, apply);
  if (outcome.state === "accepted") tellLeft(item, scaler, context);
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
  const drift = fieldDrift(bodyFor(item, entry).body, live);
  const scaler = newScaler(item, entry, drift, context);
  const before = scaler === undefined ? entry : { ...entry, ...leaving(item) };
  const fields = drift.fields.filter((field) => scaler === undefined || field !== REPLICAS_FIELD);
  if (scaler !== undefined) tellLeft(item, scaler, context);
  if (scaler !== undefined && isDrift && fields.length === 0) {
    return accepted(item, before, { object: live, created: false });
  }
  if (isDrift) await moveItems(item, entry, live, apply, context);
  const outcome = await applyObject(item, before, apply);
  if (outcome.state === "accepted" && isDrift) {
    context.drift.putBack(item, named({ fields, managers: drift.managers }));
  }
  return outcome;
}

/** Makes ours the list items that took the place of ours. Controllers may write the object's status meanwhile: then again. */
async function moveItems(
  item: Item,
  entry: Entry,
  live: KubeObject,
  { api, type, signal }: ApplyContext,
  context: DriftContext,
): Promise<void> {
  let object = live;
  for (let attempt = 1; ; attempt += 1) {
    const { items, holdings } = fieldDrift(bodyFor(item, entry).body, object);
    if (items.length === 0) return;
    try {
      await api.jsonPatch(type, item.id, moveItemsPatch(object, items, holdings), signal);
      return;
    } catch (error) {
      if (failureKind(error) !== "conflict" || attempt === ATTEMPTS) throw error;
    }
    const seen = context.live.get(item.key)?.changed;
    const isNewer = seen !== undefined && resourceVersionOf(seen) !== resourceVersionOf(object);
    const newest = isNewer ? seen : await api.get(type, item.id, signal);
    if (newest === undefined) return;
    object = newest;
  }
}

/** Who scales the object by now; undefined where nobody does, and where the profile names other replicas than those that were left. */
function newScaler(item: Item, entry: Entry, drift: FieldDrift, context: DriftContext): string | undefined {
  return entry.leftReplicas === undefined ? replicasScaledBy(item, drift.holdings, context) : undefined;
}

function replicasScaledBy(item: Item, holdings: Holdings, { autoscaled }: DriftContext): string | undefined {
  return replicasOf(item.body) === undefined ? undefined : scaledBy(holdings, autoscaled.has(item.key));
}

/** The replicas of the profile that are left to others. */
function leaving(item: Item): { readonly leftReplicas?: number } {
  const leftReplicas = replicasOf(item.body);
  return leftReplicas === undefined ? {} : { leftReplicas };
}

function tellLeft(item: Item, scaler: string, { drift }: DriftContext): void {
  drift.left(item, { fields: [REPLICAS_FIELD], managers: [scaler] });
}
