import { z } from "zod";
import { EngineError } from "../../model/errors.ts";
import type { Json, KubeObject } from "../../model/kube-object.ts";
import type { FieldSet } from "../fields/field-set.ts";
import { decodeFields, encodeFields } from "../fields/fields-v1.ts";

/** Who owns fields, and how they came to. */
export interface ManagerId {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  /** The version that the fields are paths of. */
  readonly apiVersion: string;
  readonly subresource?: string;
}

/** One entry of `metadata.managedFields`. */
export interface ManagedEntry extends ManagerId {
  /** RFC 3339 in whole seconds; of the last change. */
  readonly time?: string;
  readonly fields: FieldSet;
}

/** Entries by `managerKey`. */
export type Managed = ReadonlyMap<string, ManagedEntry>;

/** Equal for entries that are one manager's: an applier has one entry, an updater one for each API version. */
export function managerKey({ manager, operation, apiVersion, subresource = "" }: ManagerId): string {
  return JSON.stringify([manager, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

const entrySchema = z.object({
  manager: z.string().default(""),
  operation: z.enum(["Apply", "Update"]),
  apiVersion: z.string().min(1),
  subresource: z.string().optional(),
  time: z.string().nullish(),
  fieldsType: z.literal("FieldsV1"),
  fieldsV1: z.json().default({}),
});

/** The entries of an object. Throws `invalid-managed-fields`. */
export function decodeManaged(object: KubeObject): Map<string, ManagedEntry> {
  const parsed = z.array(entrySchema).safeParse(object.metadata["managedFields"] ?? []);
  if (!parsed.success) {
    throw new EngineError(
      "invalid-managed-fields",
      `metadata.managedFields: ${z.prettifyError(parsed.error)}`,
      {
        hint: "set metadata.managedFields to [] to start anew",
        cause: parsed.error,
      },
    );
  }
  const managed = new Map<string, ManagedEntry>();
  for (const { manager, operation, apiVersion, subresource, time, fieldsV1 } of parsed.data) {
    const entry: ManagedEntry = {
      manager,
      operation,
      apiVersion,
      ...(subresource === undefined || subresource === "" ? {} : { subresource }),
      ...(time === undefined || time === null ? {} : { time }),
      fields: decodeFields(fieldsV1),
    };
    managed.set(managerKey(entry), entry);
  }
  return managed;
}

/** The entries as `metadata.managedFields` has them, in the API server's order: applied first, then oldest first. */
export function encodeManaged(managed: Managed): Json[] {
  return [...managed.values()].toSorted(compareEntries).map((entry) => ({
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(entry.fields),
    ...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
  }));
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time ?? "", b.time ?? "") ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource ?? "", b.subresource ?? "")
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
