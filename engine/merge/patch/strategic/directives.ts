import { EngineError, type Place } from "../../../model/errors.ts";
import type { Json, JsonObject } from "../../../model/kube-object.ts";
import { asList, asMap } from "../../typed/shape.ts";

export const PATCH = "$patch";
export const RETAIN_KEYS = "$retainKeys";
export const SET_ORDER = "$setElementOrder/";
export const DELETE_FROM_LIST = "$deleteFromPrimitiveList/";

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

/** Takes the directives out of a patch of an object, for errors at `place`. Throws `invalid-patch`. */
export function readPatch(patch: JsonObject, place: Place = {}): ReadPatch {
  const fields = new Map<string, Json>();
  const orders = new Map<string, readonly Json[]>();
  const deletions = new Map<string, readonly Json[]>();
  let retainKeys: readonly Json[] | undefined;
  for (const [name, value] of Object.entries(patch)) {
    if (name === RETAIN_KEYS) retainKeys = listOf(name, value, place);
    else if (name.startsWith(SET_ORDER)) orders.set(name.slice(SET_ORDER.length), listOf(name, value, place));
    else if (name.startsWith(DELETE_FROM_LIST))
      deletions.set(name.slice(DELETE_FROM_LIST.length), listOf(name, value, place));
    else fields.set(name, value);
  }
  if (retainKeys !== undefined) checkRetained(fields, retainKeys, place);
  return { fields, orders, deletions, retainKeys };
}

function listOf(directive: string, value: Json, place: Place): readonly Json[] {
  const list = asList(value);
  if (list === undefined) throw invalidPatch(`${directive} must be a list`, place);
  return list;
}

function checkRetained(fields: ReadonlyMap<string, Json>, retainKeys: readonly Json[], place: Place): void {
  for (const [name, value] of fields) {
    if (value !== null && !retainKeys.includes(name)) {
      throw invalidPatch(`${RETAIN_KEYS} must name each field that the patch sets; it lacks ${name}`, place);
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

export function invalidPatch(message: string, place: Place = {}): EngineError {
  return new EngineError("invalid-patch", `strategic merge patch: ${message}`, place);
}
