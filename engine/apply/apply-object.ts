import { ApiError, isAbsent } from "../cluster/api-error.ts";
import { failureKind } from "../cluster/failure-kind.ts";
import { retryAfter } from "../cluster/retry-after.ts";
import type { ApplyResult, KubeApi, ResourceType } from "../cluster/types.ts";
import type { Problem } from "../model/errors.ts";
import { describeId, type KubeObject } from "../model/kube-object.ts";
import type { Entry } from "./inventory/model.ts";
import { liveDigest } from "./live-digest.ts";
import { jobOutcome } from "./live/job-outcome.ts";
import { applyWithInitial } from "./apply-initial.ts";
import { isTerminating, ownership, resourceVersionOf, uidOf } from "./ownership.ts";
import { bodyFor, isJob, type Item, leavesReplicas, type Variant } from "./plan-apply.ts";
import { problemOf } from "./problem-of.ts";

/** What an object was before it is applied: its uid, and what is to be sent for it; `undefined`: it was not there. */
export type Before = ({ readonly uid: string } & Variant) | undefined;

/** Whose an object is found to be. `adopting`: it is nobody's so far. */
export interface Claim {
  readonly before: Before;
  readonly adopting: boolean;
}

export interface Accepted {
  readonly state: "accepted";
  readonly object: KubeObject;
  readonly entry: Entry;
  readonly created: boolean;
}

/** `not-yet`: it may be accepted later with nothing changed; `wrong`: only when someone changes something. */
export interface Refused {
  readonly state: "not-yet" | "wrong";
  readonly problem: Problem;
  /** The server asked to be left alone for so long. */
  readonly retryAfterMs?: number;
}

export interface ApplyContext {
  readonly api: KubeApi;
  readonly type: ResourceType;
  readonly applySet: string;
  /** Whether the same cluster directory brings the CRD of the object's kind. */
  readonly ownDefinition: boolean;
  /** Whether the same cluster directory brings the object's Namespace. */
  readonly ownNamespace: boolean;
  /** Whether the other ApplySet's inventory is there and no longer lists the object. */
  readonly isReleased: (applySet: string, item: Item) => Promise<boolean>;
  readonly signal: AbortSignal;
}

/**
 * What an object that was looked at is to us.
 * @param entry what the inventory has of it: an object of its uid is ours also where someone took our label away
 * @returns the claim, or the refusal where it belongs to another ApplySet
 */
export async function claim(
  item: Item,
  found: KubeObject | undefined,
  entry: Entry | undefined,
  context: ApplyContext,
): Promise<Claim | Refused> {
  if (found === undefined) return { before: undefined, adopting: false };
  const uid = uidOf(found);
  const owned = ownership(found, context.applySet);
  if (owned.owner === "ours") return { before: { uid, adopted: owned.adopted }, adopting: false };
  if (owned.owner === "nobody") {
    return entry?.uid === uid
      ? { before: { uid, adopted: entry.adopted }, adopting: false }
      : { before: { uid, adopted: true }, adopting: true };
  }
  if (await context.isReleased(owned.applySet, item)) {
    return { before: { uid, adopted: false }, adopting: false };
  }
  return { state: "wrong", problem: ownedByAnother(item, owned.applySet) };
}

/**
 * Applies one object.
 * @param before what it is now, as claimed or as last seen
 * @throws where the cluster cannot be reached, and the signal's reason
 */
export async function applyObject(
  item: Item,
  before: Before,
  context: ApplyContext,
): Promise<Accepted | Refused> {
  try {
    const { result, variant } = await applyAs(item, before, context);
    if (isTerminating(result.object)) return { state: "not-yet", problem: terminating(item) };
    return accepted(item, variant, result);
  } catch (error) {
    return refusalOf(error, item, context);
  }
}

/** What an object is to the inventory once the server holds it as it was sent. */
export function accepted(item: Item, variant: Variant, { object, created }: ApplyResult): Accepted {
  const { id, version, layer } = item;
  const { adopted, leftReplicas } = variant;
  const entry: Entry = {
    id,
    state: "wanted",
    version,
    uid: uidOf(object),
    sent: bodyFor(item, variant).digest,
    live: liveDigest(object) ?? "",
    layer,
    adopted,
    ...(leftReplicas !== undefined && leavesReplicas(item, variant) ? { leftReplicas } : {}),
  };
  return { state: "accepted", object, entry, created };
}

/**
 * What a failed request about an object means for it.
 * @throws the error itself where it is not about the object: the cluster cannot be reached, the signal aborted
 */
export function refusalOf(
  error: unknown,
  item: Item,
  context: Pick<ApplyContext, "ownDefinition" | "ownNamespace">,
): Refused {
  const kind = failureKind(error, { ownDefinition: context.ownDefinition });
  if (kind === "unreachable" || !(error instanceof ApiError)) throw error;
  const early = kind !== "wrong" || (context.ownNamespace && isAbsent(error, item.id.namespace));
  const retryAfterMs = retryAfter(error);
  return {
    state: early ? "not-yet" : "wrong",
    problem: problemOf(error, item.id, item.place),
    ...(retryAfterMs === 0 ? {} : { retryAfterMs }),
  };
}

/**
 * The request itself. The mark of adoption travels in it, so that no stop in between loses it. Where the answer shows
 * that the object came or went in the meantime, what was sent is set right at once.
 */
async function applyAs(
  item: Item,
  before: Before,
  context: ApplyContext,
): Promise<{ result: ApplyResult; variant: Variant }> {
  const expected: Variant = before ?? { adopted: false };
  const result = await applyOrReplaceJob(item, expected, context);
  const variant =
    result.created || uidOf(result.object) !== before?.uid ? { adopted: !result.created } : expected;
  if (bodyFor(item, variant).digest === bodyFor(item, expected).digest) return { result, variant };
  const again = await request(item, variant, context);
  return { result: { ...again, created: result.created }, variant };
}

async function request(item: Item, variant: Variant, context: ApplyContext): Promise<ApplyResult> {
  if (item.initial !== undefined) return applyWithInitial(item, item.initial, variant, context);
  return context.api.apply(context.type, bodyFor(item, variant).body, { force: true }, context.signal);
}

/** A finished Job of ours whose template changed is deleted and made again: a Job cannot be changed. */
async function applyOrReplaceJob(item: Item, variant: Variant, context: ApplyContext): Promise<ApplyResult> {
  try {
    return await request(item, variant, context);
  } catch (error) {
    if (!isJob(item.id) || !isImmutable(error)) throw error;
    if (!(await deleteFinishedJob(item, context))) throw error;
    return request(item, variant, context);
  }
}

async function deleteFinishedJob(
  item: Item,
  { api, type, applySet, signal }: ApplyContext,
): Promise<boolean> {
  const job = await api.get(type, item.id, signal);
  if (job === undefined) return true;
  if (!isOwnFinishedJob(item, job, applySet)) return false;
  const preconditions = { uid: uidOf(job), resourceVersion: resourceVersionOf(job) };
  await api.delete(type, item.id, { ...preconditions, propagationPolicy: "Background" }, signal);
  return true;
}

/** A finished Job that is ours alone. */
export function isOwnFinishedJob({ id }: Item, live: KubeObject, applySet: string): boolean {
  const owned = ownership(live, applySet);
  return isJob(id) && owned.owner === "ours" && !owned.adopted && jobOutcome(live) !== undefined;
}

export function isImmutable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 422 && /immutable/.test(error.message);
}

function terminating(item: Item): Problem {
  const message = "the object is being deleted; it is made again when it is gone";
  return { ...item.place, code: "terminating", message, object: describeId(item.id) };
}

function ownedByAnother(item: Item, applySet: string): Problem {
  return {
    ...item.place,
    code: "owned-by-another",
    message: `the object belongs to another ApplySet (${applySet})`,
    object: describeId(item.id),
    hint: "remove it from the other owner first, or from this cluster's profiles",
    severity: "error",
  };
}
