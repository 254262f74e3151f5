import { EngineError } from "../../../model/errors.ts";
import type { Json, JsonObject } from "../../../model/kube-object.ts";
import { asList, asMap } from "../../typed/shape.ts";

export const PATCH = "$patch";
const RETAIN_KEYS = "$retainKeys";
const SET_ORDER = "$setElementOrder/";
const DELETE_FROM_LIST = "$deleteFromPrimitiveList/";

/** A patch of an object, its directives apart from its fields. */
export interface ReadPatch {
  /** The fields to merge, in the order of the patch. */
  readonly fields: ReadonlyMap<string, Json>;
  /** `$setElementOrder/<list>`, by list. */
  readonly orders: ReadonlyMap<string, readonly Json[]>;
  /** `$deleteFromPrimitiveList/<list>`, by list. */
  readonly deletions: ReadonlyMap<string, readonly Json[]>;
  readonly retainKeys: readonly Json[] | undefined;
}

/** Takes the directives out of a patch of an object. Throws `invalid-patch`. */
export function readPatch(patch: JsonObject): ReadPatch {
  const fields = new Map<string, Json>();
  const orders = new Map<string, readonly Json[]>();
  const deletions = new Map<string, readonly Json[]>();
  let retainKeys: readonly Json[] | undefined;
  for (const [name, value] of Object.entries(patch)) {
    if (name === RETAIN_KEYS) retainKeys = listOf(name, value);
    else if (name.startsWith(SET_ORDER)) orders.set(name.slice(SET_ORDER.length), listOf(name, value));
    else if (name.startsWith(DELETE_FROM_LIST))
      deletions.set(name.slice(DELETE_FROM_LIST.length), listOf(name, value));
    else fields.set(name, value);
  }
  if (retainKeys !== undefined) checkRetained(fields, retainKeys);
  return { fields, orders, deletions, retainKeys };
}

function listOf(directive: string, value: Json): readonly Json[] {
  const list = asList(value);
  if (list === undefined) throw invalidPatch(`${directive} must be a list`);
  return list;
}

function checkRetained(fields: ReadonlyMap<string, Json>, retainKeys: readonly Json[]): void {
  for (const [name, value] of fields) {
    if (value !== null && !retainKeys.includes(name)) {
      throw invalidPatch(`${RETAIN_KEYS} must name each field that the patch sets; it lacks ${name}`);
    }
  }
}

/** The value as new: without nulls, items and fields that carry a directive, and directives. Undefined: nothing is left. */
export function asNew(patch: Json): Json | undefined {
  const list = asList(patch);
  if (list !== undefined) return list.map(asNew).filter((item) => item !== undefined);
  const map = asMap(patch);
  if (map === undefined) return patch;
  if (PATCH in map) return undefined;
  const kept: [string, Json][] = [];
  for (const [name, value] of Object.entries(map)) {
    const child = value === null ? undefined : asNew(value);
    if (child !== undefined) kept.push([name, child]);
  }
  return Object.fromEntries(kept);
}

export function invalidPatch(message: string): EngineError {
  return new EngineError("invalid-patch", `strategic merge patch: ${message}`);
}
