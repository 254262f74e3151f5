import type { Json, KubeObject } from "../../model/kube-object.ts";
import {
  difference,
  differenceBelow,
  EMPTY_SET,
  type FieldSet,
  isEmptySet,
  union,
} from "../fields/field-set.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { type Comparison, compare } from "../typed/compare.ts";
import { validate } from "../typed/validate.ts";
import { capUpdaters } from "./cap-updaters.ts";
import { decodeManaged, encodeManaged, type Managed, type ManagedEntry, managerKey } from "./entries.ts";
import { emptyObject, withManaged, withoutManaged } from "./object-parts.ts";
import { SYSTEM_FIELDS } from "./system-fields.ts";
import { loseToWrite } from "./take-over.ts";

export interface UpdateInput {
  /** The object as stored, undefined for a create. */
  readonly before: KubeObject | undefined;
  /** The object to store: the body of a POST or PUT or the result of a patch, defaults included. */
  readonly after: KubeObject;
  readonly manager: string;
  /** RFC 3339 in whole seconds: `2026-11-23T18:00:00Z`. */
  readonly now: string;
  readonly schema: TypeSchema;
  readonly subresource?: string;
  /** Fields that this endpoint does not take; see `resetFields`. */
  readonly reset?: FieldSet;
}

/**
 * `after` as it is stored, with the managedFields that a create, PUT or non-apply patch leaves: what it changed or
 * added is the manager's Update entry's and no other's, what it removed is nobody's. A client that sends
 * managedFields `[]` or `[{}]` ends the tracking, until the next apply; an object that does not fit its schema is
 * not tracked either.
 */
export function updateManaged(input: UpdateInput): KubeObject {
  const { before, schema, reset = EMPTY_SET } = input;
  const after = withoutManaged(input.after, schema);
  const managed = managedBefore(input);
  if (managed === undefined || (before !== undefined && managed.size === 0)) return after;
  const old = before === undefined ? emptyObject(after, schema) : withoutManaged(before, schema);
  if (!isComparable(old, schema) || !isComparable(after, schema)) return after;
  const changes = withoutFields(compare(old, after, schema), reset);
  return withManaged(after, encodeManaged(capUpdaters(recordUpdate(managed, input, changes))));
}

/** The entries after an update that made these changes. */
export function recordUpdate(
  managed: Managed,
  { after, manager, now, subresource }: Pick<UpdateInput, "after" | "manager" | "now" | "subresource">,
  changes: Comparison,
): Map<string, ManagedEntry> {
  const left = loseToWrite(managed, undefined, changes);
  const taken = difference(union(changes.modified, changes.added), SYSTEM_FIELDS);
  if (isEmptySet(taken)) return left;
  const id = {
    manager: manager === "" ? "unknown" : manager,
    operation: "Update" as const,
    apiVersion: after.apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
  };
  const key = managerKey(id);
  left.set(key, { ...id, time: now, fields: union(left.get(key)?.fields ?? EMPTY_SET, taken) });
  return left;
}

/** The changes outside of some fields. */
export function withoutFields(changes: Comparison, fields: FieldSet): Comparison {
  return {
    removed: differenceBelow(changes.removed, fields),
    modified: differenceBelow(changes.modified, fields),
    added: differenceBelow(changes.added, fields),
  };
}

/** Whether all items of keyed lists and sets can be told apart from others; repeated keys are no hindrance. */
export function isComparable(value: Json, schema: TypeSchema): boolean {
  return !validate(value, schema, { allowDuplicates: true }).some(({ code }) => code === "missing-list-key");
}

/** The entries that the write starts from; undefined where the client ends the tracking. */
function managedBefore({ before, after, subresource }: UpdateInput): Managed | undefined {
  const stored = () => (before === undefined ? new Map() : (decodeOrUndefined(before) ?? new Map()));
  if (subresource !== undefined) return stored();
  if (isReset(after.metadata["managedFields"])) return before === undefined ? new Map() : undefined;
  const sent = decodeOrUndefined(after);
  return sent === undefined || sent.size === 0 ? stored() : sent;
}

function isReset(managedFields: Json | undefined): boolean {
  const entries = asList(managedFields);
  if (entries === undefined) return false;
  const first = asMap(entries[0]);
  return (
    entries.length === 0 || (entries.length === 1 && first !== undefined && Object.keys(first).length === 0)
  );
}

/** What cannot be read is as if it were not there: the API server never fails a write for it. */
function decodeOrUndefined(object: KubeObject): Managed | undefined {
  try {
    return decodeManaged(object);
  } catch {
    return undefined;
  }
}
