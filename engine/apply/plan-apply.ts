import type { KubeObject, ObjectId } from "../model/kube-object.ts";
import type { Place } from "../model/errors.ts";
import type { Entry } from "./inventory/model.ts";
import type { InitialValues } from "./initial-values.ts";
import { asMap } from "./json-parts.ts";
import type { LiveFacts } from "./live/facts.ts";
import { replicasOf, sentDigest, withAdoptedMark, withoutReplicas } from "./normalise.ts";

/** One object of the desired state as it is sent. */
export interface Item {
  /** `objectKey` of `id`. */
  readonly key: string;
  readonly id: ObjectId;
  readonly version: string;
  /** Without its initial values. */
  readonly body: KubeObject;
  /** Digest of `body`. */
  readonly digest: string;
  /** `profile/layer`. */
  readonly layer: string;
  readonly place: Place;
  /** Left out: the layer ignores nothing of it. */
  readonly initial?: InitialValues;
}

/**
 * What an object needs.
 * - `skip`: it is as last applied; no request.
 * - `apply`: it is there, ours, and differs from what is wanted or from what was applied.
 * - `look`: whether it is there, and whose it is, must be asked first.
 */
export type PlannedAction = "skip" | "apply" | "look";

/** What is known of an object before anything is asked. `watched`: the watch of its kind stands, so no facts means gone or no longer labelled. */
export interface Known {
  readonly entry: Entry | undefined;
  readonly facts: LiveFacts | undefined;
  readonly watched: boolean;
}

/**
 * Decides what an object needs. *As last applied* is: same uid, same digest of what is sent, same digest of what the
 * server holds of it.
 */
export function planApply(item: Item, { entry, facts, watched }: Known): PlannedAction {
  if (entry === undefined || entry.uid === "") return "look";
  const sameBody = isSentAsIs(item, entry);
  const isLeaving = facts === undefined ? watched : facts.uid === entry.uid && facts.terminating;
  if (isLeaving && sameBody && isEndedJob(item, entry)) return "skip";
  if (facts?.uid !== entry.uid || facts.terminating) return "look";
  return sameBody && entry.live === facts.digest ? "skip" : "apply";
}

/** How the body that is sent differs from the rendered one. */
export interface Variant {
  /** The object was there before us: the body carries the mark of that. */
  readonly adopted: boolean;
  /** Replicas that are left to others: the body names none while the profile names these. */
  readonly leftReplicas?: number;
}

/** The body to send for an object, and its digest. */
export function bodyFor(
  item: Item,
  variant: Variant,
): { readonly body: KubeObject; readonly digest: string } {
  const body = varied(item.body, item, variant);
  return body === item.body ? item : { body, digest: sentDigest(body) };
}

/** A body of an item as its variant. */
export function varied(body: KubeObject, item: Item, variant: Variant): KubeObject {
  const kept = leavesReplicas(item, variant) ? withoutReplicas(body) : body;
  return variant.adopted ? withAdoptedMark(kept) : kept;
}

/** Whether the replicas of an item are left to others. */
export function leavesReplicas({ body }: Item, { leftReplicas }: Pick<Variant, "leftReplicas">): boolean {
  return leftReplicas !== undefined && leftReplicas === replicasOf(body);
}

/** Whether the last accepted apply sent what would be sent now. */
export function isSentAsIs(item: Item, entry: Entry): boolean {
  return entry.sent === bodyFor(item, entry).digest;
}

/**
 * A Job that is gone is not made again once it was seen finished, nor where it removes itself (`ttlSecondsAfterFinished`).
 * The same holds while it is being deleted: an apply that comes a moment too late would make it again.
 */
function isEndedJob(item: Item, entry: Entry): boolean {
  if (!isJob(item.id)) return false;
  return entry.job !== undefined || typeof asMap(item.body.spec).ttlSecondsAfterFinished === "number";
}

export function isJob(id: ObjectId): boolean {
  return id.group === "batch" && id.kind === "Job";
}
