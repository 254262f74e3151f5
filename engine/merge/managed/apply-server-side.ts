import { EngineError } from "../../model/errors.ts";
import type { Json, KubeObject } from "../../model/kube-object.ts";
import { difference, differenceBelow, EMPTY_SET, type FieldSet, isEmptySet } from "../fields/field-set.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { asStored } from "../typed/as-stored.ts";
import { compare } from "../typed/compare.ts";
import { fieldsOf } from "../typed/fields-of.ts";
import { jsonEqual } from "../typed/json-equal.ts";
import { mergeValues } from "../typed/merge.ts";
import { validate } from "../typed/validate.ts";
import { type Conflict, conflictMessage, conflictsOf } from "./conflicts.ts";
import { decodeManaged, encodeManaged, type Managed, type ManagedEntry, managerKey } from "./entries.ts";
import { emptyObject, withManaged, withoutManaged } from "./object-parts.ts";
import { prune } from "./prune.ts";
import { SYSTEM_FIELDS } from "./system-fields.ts";
import { loseToWrite, ownedByOthers } from "./take-over.ts";
import { isComparable, recordUpdate, withoutFields } from "./update-managed.ts";

export interface ApplyInput {
  /** The object as stored, undefined where there is none. */
  readonly live: KubeObject | undefined;
  /** The apply configuration; its `apiVersion` is that of the new managedFields entry. */
  readonly config: KubeObject;
  readonly manager: string;
  readonly force: boolean;
  /** RFC 3339 in whole seconds: `2026-11-23T18:00:00Z`. */
  readonly now: string;
  readonly schema: TypeSchema;
  readonly subresource?: string;
  /** Fields that this endpoint does not take; see `resetFields`. The caller puts their values back in `complete`. */
  readonly reset?: FieldSet;
  /**
   * What the server does to a merged object before it compares and stores it: defaults, canonical quantities. Gets
   * and gives the object without managedFields.
   */
  readonly complete?: (merged: KubeObject) => KubeObject;
}

export type ApplyOutcome =
  | {
      readonly outcome: "applied";
      /** With its managedFields; the very `live` where nothing changed, times included. */
      readonly object: KubeObject;
      readonly created: boolean;
      readonly changed: boolean;
    }
  | { readonly outcome: "conflict"; readonly conflicts: readonly Conflict[]; readonly message: string };

/**
 * Server-side apply, by the rules of sigs.k8s.io/structured-merge-diff. Other versions' managedFields entries are
 * read as if their paths were of this version (as the API server does without a conversion).
 * Throws `invalid-config` with one problem for each field that does not fit the schema, `invalid-live` where the
 * stored object cannot be merged, `invalid-managed-fields`.
 */
export function applyServerSide(input: ApplyInput): ApplyOutcome {
  const { live, config, schema, force, reset = EMPTY_SET } = input;
  checkConfig(config, schema);
  const base = live === undefined ? emptyObject(config, schema) : comparableLive(live, schema);
  const managed = live === undefined ? new Map<string, ManagedEntry>() : managedOf(live, base, input);

  const own = ownEntry(input);
  const key = managerKey(own);
  const previous = managed.get(key);
  managed.set(key, { ...own, fields: differenceBelow(fieldsOf(config, schema), reset) });
  const merged = mergeValues(base, config, schema) ?? null;
  const next = previous === undefined ? merged : prune(merged, schema, previous.fields, managed);

  const changes = withoutFields(compare(base, next, schema), reset);
  const conflicts = conflictsOf(managed, ownedByOthers(managed, key, changes));
  if (conflicts.length > 0 && !force) {
    return { outcome: "conflict", conflicts, message: conflictMessage(conflicts) };
  }
  const left = loseToWrite(managed, key, changes);
  const time = jsonEqual(base, next) ? previous?.time : input.now;
  settleOwn(left, key, time);
  return store(input, next, left);
}

function checkConfig(config: KubeObject, schema: TypeSchema): void {
  if (config.metadata["managedFields"] !== undefined && config.metadata["managedFields"] !== null) {
    throw new EngineError("invalid-config", "metadata.managedFields must be nil", {
      object: "metadata.managedFields",
      hint: "leave managedFields out of what is applied",
    });
  }
  const misfits = validate(config, schema, { allowDuplicates: false });
  if (misfits.length === 0) return;
  const texts = misfits.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw new EngineError(
    "invalid-config",
    texts.length === 1 ? (texts[0] ?? "") : `errors:\n  ${texts.join("\n  ")}`,
    {
      problems: misfits.map(({ code, path, message }) => ({ code, message, object: path })),
    },
  );
}

function comparableLive(live: KubeObject, schema: TypeSchema): KubeObject {
  const base = withoutManaged(live, schema);
  if (isComparable(base, schema)) return base;
  throw new EngineError("invalid-live", "the stored object has list items without the keys of their list", {
    hint: "update the object so that each item has its keys",
  });
}

/** The entries of the live object. One that was never tracked belongs, as it is, to `before-first-apply`. */
function managedOf(
  live: KubeObject,
  base: Json,
  { schema, now, reset }: ApplyInput,
): Map<string, ManagedEntry> {
  const managed = decodeManaged(live);
  if (managed.size > 0) return managed;
  const changes = withoutFields(compare(emptyObject(live, schema), base, schema), reset ?? EMPTY_SET);
  return recordUpdate(managed, { after: live, manager: "before-first-apply", now }, changes);
}

function ownEntry({ manager, config, subresource }: ApplyInput): Omit<ManagedEntry, "fields"> {
  return {
    manager: manager === "" ? "unknown" : manager,
    operation: "Apply",
    apiVersion: config.apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function settleOwn(managed: Map<string, ManagedEntry>, key: string, time: string | undefined): void {
  const own = managed.get(key);
  if (own === undefined) return;
  const fields = difference(own.fields, SYSTEM_FIELDS);
  if (isEmptySet(fields)) managed.delete(key);
  else managed.set(key, { ...own, fields, ...(time === undefined ? {} : { time }) });
}

function store({ live, schema, complete }: ApplyInput, next: Json, managed: Managed): ApplyOutcome {
  // the merge of two objects of one kind and name is one too
  const stored = asStored(next, schema) as KubeObject;
  const completed = complete === undefined ? stored : complete(stored);
  const object = withManaged(completed, encodeManaged(managed));
  if (live !== undefined && isSame(live, object, schema)) {
    return { outcome: "applied", object: live, created: false, changed: false };
  }
  return { outcome: "applied", object, created: live === undefined, changed: true };
}

/** Whether nothing but times of managedFields entries differs. */
function isSame(live: KubeObject, object: KubeObject, schema: TypeSchema): boolean {
  const untimed = ({ time: _time, ...entry }: ManagedEntry): ManagedEntry => entry;
  const entries = (of: KubeObject) =>
    encodeManaged(new Map([...decodeManaged(of)].map(([key, entry]) => [key, untimed(entry)])));
  return (
    jsonEqual(entries(live), entries(object)) &&
    jsonEqual(withoutManaged(live, schema), withoutManaged(object, schema))
  );
}
