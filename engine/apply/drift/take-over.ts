import type { PatchStep } from "../../cluster/types.ts";
import {
  difference,
  EMPTY_SET,
  fieldElement,
  type FieldSet,
  fieldSet,
  isEmptySet,
  type Managed,
  type ManagedEntry,
  managerKey,
  union,
} from "../../merge/index.ts";
import { LAST_APPLIED } from "../../model/hide-secrets.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { FIELD_MANAGER } from "../marks.ts";
import { textAt } from "../ownership.ts";
import { entriesPatch, holdingsOf, isOfMain, OWN_KEY } from "./holdings.ts";

const LAST_APPLIED_FIELD: FieldSet = fieldSet([["metadata", "annotations", LAST_APPLIED].map(fieldElement)]);

/** Managers that hold whole manifests: what they wrote is what a tool that is left behind applied. */
const APPLIERS: ReadonlySet<string> = new Set(["kubectl-client-side-apply", "before-first-apply", "helm"]);

/** `kubectl apply --server-side`; its Update entries are of single commands (`kubectl scale`). */
const SERVER_SIDE_KUBECTL = "kubectl";

/**
 * The one patch that makes ours what kubectl or Helm applied to an object: their entries are folded into our Apply
 * entry, so that the next apply takes away what we do not send, and `last-applied-configuration` goes. Entries at API
 * versions that the cluster serves no more are rewritten to `version`: they make every later apply fail. Controllers,
 * scale, status and single commands (`kubectl-rollout`, `kubectl-edit`) keep what they hold.
 * @param apiVersion at which the object is applied
 * @param isServed whether the cluster serves the object's kind at an `apiVersion`
 * @returns no steps where there is nothing to take over
 */
export function takeOverPatch(
  object: KubeObject,
  apiVersion: string,
  isServed: (apiVersion: string) => boolean,
): readonly PatchStep[] {
  const { managed } = holdingsOf(object);
  const folded = foldApplied(atServed(managed, apiVersion, isServed), apiVersion);
  const last = lastAppliedRemoval(object);
  return folded === managed && last.length === 0 ? [] : [...last, ...entriesPatch(object, folded)];
}

/** The API versions of an object's entries. */
export function entryVersions(object: KubeObject): ReadonlySet<string> {
  return new Set([...holdingsOf(object).managed.values()].map((entry) => entry.apiVersion));
}

/** Which of the managers that are taken over hold anything of an object. */
export function appliersOf(object: KubeObject): readonly string[] {
  const applied = [...holdingsOf(object).managed.values()].filter(isApplied);
  return [...new Set(applied.map(({ manager }) => manager))];
}

function lastAppliedRemoval(object: KubeObject): readonly PatchStep[] {
  if (textAt(object, "annotations", LAST_APPLIED) === undefined) return [];
  return [{ op: "remove", path: `/metadata/annotations/${LAST_APPLIED.replaceAll("/", "~1")}` }];
}

function atServed(managed: Managed, apiVersion: string, isServed: (apiVersion: string) => boolean): Managed {
  if ([...managed.values()].every((entry) => isServed(entry.apiVersion))) return managed;
  const rewritten = new Map<string, ManagedEntry>();
  for (const entry of managed.values()) {
    const next = isServed(entry.apiVersion) ? entry : { ...entry, apiVersion };
    const key = managerKey(next);
    const same = rewritten.get(key);
    rewritten.set(key, same === undefined ? next : { ...same, fields: union(same.fields, next.fields) });
  }
  return rewritten;
}

function foldApplied(managed: Managed, apiVersion: string): Managed {
  const applied = [...managed].filter(([, entry]) => isApplied(entry));
  if (applied.length === 0) return managed;
  const folded = new Map([...managed].filter(([, entry]) => !isApplied(entry)));
  const theirs = applied.map(([, { fields }]) => fields).reduce(union, EMPTY_SET);
  const own =
    managed.get(OWN_KEY) ??
    ownEntry(
      apiVersion,
      applied.map(([, entry]) => entry),
    );
  const fields = difference(union(own.fields, theirs), LAST_APPLIED_FIELD);
  if (!isEmptySet(fields)) folded.set(OWN_KEY, { ...own, fields });
  return folded;
}

function isApplied(entry: ManagedEntry): boolean {
  if (!isOfMain(entry)) return false;
  const serverSide = entry.manager === SERVER_SIDE_KUBECTL && entry.operation === "Apply";
  return serverSide || APPLIERS.has(entry.manager);
}

function ownEntry(apiVersion: string, applied: readonly ManagedEntry[]): ManagedEntry {
  const time =
    applied
      .map((entry) => entry.time ?? "")
      .toSorted()
      .at(-1) ?? "";
  const id = { manager: FIELD_MANAGER, operation: "Apply" as const, apiVersion };
  return { ...id, ...(time === "" ? {} : { time }), fields: EMPTY_SET };
}
