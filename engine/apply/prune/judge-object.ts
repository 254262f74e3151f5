import type { KubeApi, ResourceType } from "../../cluster/types.ts";
import { describeId, type KubeObject, objectIdOf, objectKey } from "../../model/kube-object.ts";
import { isVolume } from "../../model/mass-deletion.ts";
import { definedKind, isDefinition } from "../definitions.ts";
import { applySetId } from "../inventory/applyset-id.ts";
import type { StoredInventory } from "../inventory/choose.ts";
import type { Entry } from "../inventory/model.ts";
import type { Entries } from "../inventory/parts.ts";
import { PART_OF_LABEL } from "../marks.ts";
import { isTerminating, ownership, textAt, uidOf } from "../ownership.ts";
import { lookIntoNamespace } from "./namespace-content.ts";

/**
 * What is to become of an object that the render no longer has.
 * - `delete`, `release`: it is as it was read.
 * - `drop`: it is gone, or not ours; it only leaves the inventory.
 * - `keep`: it stays, for the reason told.
 * - `wait`: it is on its way; look again.
 * - `unsure`: the cluster could not tell whether it may go.
 */
export type PruneJudgement =
  | { readonly verdict: "delete" | "release"; readonly object: KubeObject }
  | Standing;

/** A judgement that asks for nothing to be done to the object. */
export type Standing =
  | { readonly verdict: "drop"; readonly isGone: boolean }
  | { readonly verdict: "keep" | "unsure"; readonly code: string; readonly reason: string }
  | { readonly verdict: "wait"; readonly reason: string };

export interface JudgeContext {
  readonly api: KubeApi;
  readonly applySet: string;
  /** Uids of everything that the render has: never deleted, whatever name they have. */
  readonly wantedUids: ReadonlySet<string>;
  /** Keys that other Strata inventories of this cluster list: handed over to them. */
  readonly listedElsewhere: ReadonlySet<string>;
  /** Keys of objects that count as gone already. */
  readonly leaving: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** What judging needs to know of a cluster with these inventories, where `wanted` are the keys of the render. */
export function judgeContext(
  { api, applySet, signal }: Pick<JudgeContext, "api" | "applySet" | "signal">,
  inventories: readonly StoredInventory[],
  entries: Entries,
  wanted: ReadonlySet<string>,
): JudgeContext {
  const others = inventories.filter(({ parent }) => applySetId(parent.name) !== applySet);
  const uids = [...wanted].map((key) => entries.get(key)?.uid ?? "");
  return {
    api,
    applySet,
    wantedUids: new Set(uids.filter((uid) => uid !== "")),
    listedElsewhere: new Set(others.flatMap((inventory) => [...inventory.entries.keys()])),
    leaving: new Set(),
    signal,
  };
}

/** The kind of an entry at a version that is served now, or the judgement where there is none. A kind that is proven gone took its objects along. */
export async function servedType(
  entry: Entry,
  { api, signal }: Pick<JudgeContext, "api" | "signal">,
): Promise<ResourceType | Standing> {
  const { group, kind } = entry.id;
  const asApplied = await api.discovery.resolve({ group, kind, version: entry.version }, signal);
  const found =
    asApplied.state === "version-gone" ? await api.discovery.resolve({ group, kind }, signal) : asApplied;
  if (found.state === "served") return found.type;
  if (found.state === "gone") return { verdict: "drop", isGone: true };
  const reason =
    found.state === "unknown" ? found.reason : `served only at ${found.servedVersions.join(", ")}`;
  return unsure("kind-unknown", `whether its kind is still there cannot be told: ${reason}`);
}

/**
 * Judges an object by a fresh look at it and at what it holds. Changes nothing.
 * @throws as KubeApi's requests
 */
export async function judgeObject(
  entry: Entry,
  type: ResourceType,
  context: JudgeContext,
): Promise<PruneJudgement> {
  const object = await context.api.get(type, entry.id, context.signal);
  if (object === undefined) return { verdict: "drop", isGone: true };
  if (!isOurs(object, entry, context)) return { verdict: "drop", isGone: false };
  if (wasThereBefore(object, entry, context)) return { verdict: "release", object };
  if (isTerminating(object)) return { verdict: "wait", reason: describeTermination(object) };
  return (await reasonToStay(entry, object, context)) ?? { verdict: "delete", object };
}

/** Ours still: our label, with an Apply entry of ours or the very object that we applied; and nobody else's by now. */
export function isOurs(object: KubeObject, entry: Entry, context: JudgeContext): boolean {
  const uid = uidOf(object);
  if (context.wantedUids.has(uid) || context.listedElsewhere.has(objectKey(entry.id))) return false;
  if (textAt(object, "labels", PART_OF_LABEL) !== context.applySet) return false;
  return uid === entry.uid || ownership(object, context.applySet).owner === "ours";
}

/** It carries the mark of an adopted object, or is the one whose entry says so; one without any field of ours is left to its owner too. */
function wasThereBefore(object: KubeObject, entry: Entry, { applySet }: JudgeContext): boolean {
  const owned = ownership(object, applySet);
  if (owned.owner === "ours" && owned.adopted) return true;
  return uidOf(object) === entry.uid && (entry.adopted || owned.owner === "nobody");
}

/** Kinds whose loss cannot be made good, and those that take others' objects along. */
async function reasonToStay(
  entry: Entry,
  object: KubeObject,
  context: JudgeContext,
): Promise<Standing | undefined> {
  const { group, kind } = entry.id;
  if (isVolume(entry.id)) return entry.approved === true ? undefined : keep("kept-volume", "it holds data");
  if (isDefinition(entry.id)) return definitionInUse(object, context);
  return group === "" && kind === "Namespace" ? namespaceInUse(entry, context) : undefined;
}

async function definitionInUse(
  definition: KubeObject,
  { api, leaving, signal }: JudgeContext,
): Promise<Standing | undefined> {
  const defined = definedKind(definition);
  if (defined === undefined) return keep("kept-definition", "what it defines cannot be read");
  const { group, kind } = defined;
  const found = await api.discovery.resolve({ group, kind }, signal);
  if (found.state === "gone") return undefined;
  if (found.state !== "served") {
    return unsure("kept-definition", "whether objects of its kind are there cannot be told");
  }
  const { items } = await api.list(found.type, { metadataOnly: true }, signal);
  const staying = items.filter((item) => !leaving.has(objectKey({ ...objectIdOf(item), group, kind })));
  if (staying.length === 0) return undefined;
  const names = staying.map((item) => describeId({ ...objectIdOf(item), group, kind }));
  const are = staying.length === 1 ? "object of its kind is" : "objects of its kind are";
  return keep("kept-definition", `${staying.length} ${are} still there: ${some(names)}`);
}

async function namespaceInUse(entry: Entry, context: JudgeContext): Promise<Standing | undefined> {
  const content = await lookIntoNamespace(entry.id.name, context);
  switch (content.state) {
    case "empty":
      return undefined;
    case "ending":
      return { verdict: "wait", reason: `it still holds ${some(content.by)}, which are being deleted` };
    case "held":
      return keep("kept-namespace", `it still holds ${some(content.by)}`);
    case "unknown":
      return unsure("kept-namespace", `what it holds cannot be told: ${content.reason}`);
  }
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** That an object is being deleted, since when, and which finalizers hold it. */
export function describeTermination({ metadata }: KubeObject): string {
  const { finalizers, deletionTimestamp } = metadata;
  const names = Array.isArray(finalizers) ? finalizers.filter((name) => typeof name === "string") : [];
  const since = typeof deletionTimestamp === "string" ? ` since ${deletionTimestamp}` : "";
  if (names.length === 0) return "it is being deleted";
  return `it is being deleted${since}, and ${names.length === 1 ? "the finalizer" : "the finalizers"} ${names.join(", ")} ${names.length === 1 ? "holds" : "hold"} it`;
}

function keep(code: string, reason: string): Standing {
  return { verdict: "keep", code, reason };
}

function unsure(code: string, reason: string): Standing {
  return { verdict: "unsure", code, reason };
}
