import { ApiError } from "../../cluster/api-error.ts";
import { failureKind } from "../../cluster/failure-kind.ts";
import type { KubeApi, ResourceType } from "../../cluster/types.ts";
import type { Problem } from "../../model/errors.ts";
import { describeId, type KubeObject, objectKey } from "../../model/kube-object.ts";
import { definedKind, isDefinition } from "../definitions.ts";
import type { Entry } from "../inventory/model.ts";
import { PART_OF_LABEL } from "../marks.ts";
import { isTerminating, ownership, resourceVersionOf, textAt, uidOf } from "../ownership.ts";
import { problemOf } from "../problem-of.ts";
import { lookIntoNamespace } from "./namespace-content.ts";
import { releasePatch } from "./release.ts";

/**
 * What became of an object that the render no longer has.
 * - `deleted`, `released`, `dropped` (it was gone, or is not ours): it leaves the inventory.
 * - `kept`: it stays, for the reason told, and is tried again at the next sync.
 * - `waiting`: it is on its way; look again.
 * - `unsure`: the cluster could not tell whether it may go. That may pass soon (a definition that is just going makes
 *   discovery stale); where it does not, the object is kept.
 */
export type PruneOutcome =
  | { readonly state: "deleted" | "released" | "dropped" }
  | { readonly state: "kept" | "waiting" | "unsure"; readonly problem: Problem };

export interface PruneContext {
  readonly api: KubeApi;
  readonly applySet: string;
  /** Uids of everything that the render has: never deleted, whatever name they have. */
  readonly wantedUids: ReadonlySet<string>;
  /** Keys that other Strata inventories of this cluster list: handed over to them. */
  readonly listedElsewhere: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Times that a delete or a release is planned anew because the object changed in between. */
const ATTEMPTS = 4;

/**
 * Deletes or releases one object, on proof that it is ours.
 * @throws where the cluster cannot be reached, and the signal's reason
 */
export async function pruneObject(entry: Entry, context: PruneContext): Promise<PruneOutcome> {
  const type = await servedType(entry, context);
  if ("state" in type) return type;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await pruneOnce(entry, type, context);
    } catch (error) {
      const kind = failureKind(error);
      if (kind === "unreachable" || !(error instanceof ApiError)) throw error;
      if (kind === "conflict" && attempt < ATTEMPTS) continue;
      return { state: kind === "wrong" ? "kept" : "waiting", problem: problemOf(error, entry.id, {}) };
    }
  }
}

/**
 * Lets go of an object that stays where its inventory goes: whoever comes next finds it without a mark of ours. One
 * whose kind cannot be told is left as it is.
 * @throws where the cluster cannot be reached or refuses, and the signal's reason
 */
export async function letGo(entry: Entry, context: PruneContext): Promise<void> {
  const type = await servedType(entry, context);
  if ("state" in type) return;
  for (let attempt = 1; ; attempt += 1) {
    const object = await context.api.get(type, entry.id, context.signal);
    if (object === undefined || !isOurs(object, entry, context)) return;
    try {
      await context.api.jsonPatch(type, entry.id, releasePatch(object), context.signal);
      return;
    } catch (error) {
      if (failureKind(error) !== "conflict" || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Prune uses a version that is served now. A kind that is proven gone took its objects along. */
async function servedType(entry: Entry, { api, signal }: PruneContext): Promise<ResourceType | PruneOutcome> {
  const { group, kind } = entry.id;
  const asApplied = await api.discovery.resolve({ group, kind, version: entry.version }, signal);
  const found =
    asApplied.state === "version-gone" ? await api.discovery.resolve({ group, kind }, signal) : asApplied;
  if (found.state === "served") return found.type;
  if (found.state === "gone") return { state: "dropped" };
  const reason =
    found.state === "unknown" ? found.reason : `served only at ${found.servedVersions.join(", ")}`;
  return unsure(entry, "kind-unknown", `whether its kind is still there cannot be told: ${reason}`);
}

async function pruneOnce(entry: Entry, type: ResourceType, context: PruneContext): Promise<PruneOutcome> {
  const { api, signal } = context;
  const object = await api.get(type, entry.id, signal);
  if (object === undefined || !isOurs(object, entry, context)) return { state: "dropped" };
  if (wasThereBefore(object, entry, context)) {
    await api.jsonPatch(type, entry.id, releasePatch(object), signal);
    return { state: "released" };
  }
  if (isTerminating(object)) return waiting(entry, describeTermination(object));
  return (await reasonToKeep(entry, object, context)) ?? (await remove(entry, type, object, context));
}

/** Ours still: our label, with an Apply entry of ours or the very object that we applied; and nobody else's by now. */
function isOurs(object: KubeObject, entry: Entry, context: PruneContext): boolean {
  const uid = uidOf(object);
  if (context.wantedUids.has(uid) || context.listedElsewhere.has(objectKey(entry.id))) return false;
  if (textAt(object, "labels", PART_OF_LABEL) !== context.applySet) return false;
  return uid === entry.uid || ownership(object, context.applySet).owner === "ours";
}

/** It carries the mark of an adopted object, or is the one whose entry says so; one without any field of ours is left to its owner too. */
function wasThereBefore(object: KubeObject, entry: Entry, { applySet }: PruneContext): boolean {
  const owned = ownership(object, applySet);
  if (owned.owner === "ours" && owned.adopted) return true;
  return uidOf(object) === entry.uid && (entry.adopted || owned.owner === "nobody");
}

async function remove(
  entry: Entry,
  type: ResourceType,
  object: KubeObject,
  { api, signal }: PruneContext,
): Promise<PruneOutcome> {
  const uid = uidOf(object);
  const preconditions = { uid, resourceVersion: resourceVersionOf(object) };
  const answer = await api.delete(
    type,
    entry.id,
    { ...preconditions, propagationPolicy: "Background" },
    signal,
  );
  if (answer === "absent") return { state: "deleted" };
  const left = await api.get(type, entry.id, signal);
  if (left === undefined || uidOf(left) !== uid) return { state: "deleted" };
  return waiting(entry, "it is being deleted");
}

/** Kinds whose loss cannot be made good, and those that take others' objects along. */
async function reasonToKeep(
  entry: Entry,
  object: KubeObject,
  context: PruneContext,
): Promise<PruneOutcome | undefined> {
  const { group, kind } = entry.id;
  if (group === "" && (kind === "PersistentVolumeClaim" || kind === "PersistentVolume")) {
    return kept(entry, "kept-volume", "it holds data");
  }
  if (isDefinition(entry.id)) return definitionInUse(entry, object, context);
  return group === "" && kind === "Namespace" ? namespaceInUse(entry, context) : undefined;
}

async function definitionInUse(
  entry: Entry,
  definition: KubeObject,
  { api, signal }: PruneContext,
): Promise<PruneOutcome | undefined> {
  const defined = definedKind(definition);
  if (defined === undefined) return kept(entry, "kept-definition", "what it defines cannot be read");
  const found = await api.discovery.resolve({ group: defined.group, kind: defined.kind }, signal);
  if (found.state === "gone") return undefined;
  if (found.state !== "served") {
    return unsure(entry, "kept-definition", "whether objects of its kind are there cannot be told");
  }
  const { items } = await api.list(found.type, { metadataOnly: true }, signal);
  if (items.length === 0) return undefined;
  return kept(entry, "kept-definition", `${items.length} objects of its kind are still there`);
}

async function namespaceInUse(
  entry: Entry,
  { api, applySet, signal }: PruneContext,
): Promise<PruneOutcome | undefined> {
  const content = await lookIntoNamespace(api, entry.id.name, applySet, signal);
  switch (content.state) {
    case "empty":
      return undefined;
    case "ending":
      return waiting(entry, `it still holds ${some(content.by)}, which are being deleted`);
    case "held":
      return kept(entry, "kept-namespace", `it still holds ${some(content.by)}`);
    case "unknown":
      return unsure(entry, "kept-namespace", `what it holds cannot be told: ${content.reason}`);
  }
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function describeTermination({ metadata }: KubeObject): string {
  const { finalizers, deletionTimestamp } = metadata;
  const names = Array.isArray(finalizers) ? finalizers.filter((name) => typeof name === "string") : [];
  const since = typeof deletionTimestamp === "string" ? ` since ${deletionTimestamp}` : "";
  if (names.length === 0) return "it is being deleted";
  return `it is being deleted${since}, and ${names.length === 1 ? "the finalizer" : "the finalizers"} ${names.join(", ")} ${names.length === 1 ? "holds" : "hold"} it`;
}

function kept(entry: Entry, code: string, reason: string): PruneOutcome {
  return { state: "kept", problem: keptProblem(entry, code, reason) };
}

function unsure(entry: Entry, code: string, reason: string): PruneOutcome {
  return { state: "unsure", problem: keptProblem(entry, code, reason) };
}

function keptProblem(entry: Entry, code: string, reason: string): Problem {
  const message = `it left the profiles and was kept: ${reason}`;
  const hint = "delete it by hand where it is no longer needed; until then the inventory keeps it in mind";
  return { code, message, hint, object: describeId(entry.id), severity: "warning" };
}

function waiting(entry: Entry, reason: string): PruneOutcome {
  const problem = {
    code: "prune-waiting",
    message: reason,
    object: describeId(entry.id),
    severity: "warning",
  } as const;
  return { state: "waiting", problem };
}
