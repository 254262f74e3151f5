import type { Json, JsonObject, KubeObject } from "../model/kube-object.ts";
import type { FieldSet } from "./fields/field-set.ts";
import type { GroupVersionKind, TypeSchema } from "./schema/type-schema.ts";

export type { FieldSet } from "./fields/field-set.ts";
export type * from "./schema/type-schema.ts";

/** Schema of a built-in kind of Kubernetes 1.36; undefined for kinds it does not have. */
export declare function schemaFor(gvk: GroupVersionKind): TypeSchema | undefined;
/** Schema of one version of a CustomResourceDefinition. Throws `unknown-version` where the CRD lacks it. */
export declare function schemaOfCrd(crd: JsonObject, version: string): TypeSchema;
/** For kinds without a schema: objects merge field by field, lists are one value. */
export declare const deducedSchema: TypeSchema;

/** Fields that an endpoint does not take: `status` for the main resource of a kind with a status subresource, `spec` (and more) for `/status`. */
export declare function resetFields(gvk: GroupVersionKind, subresource?: string): FieldSet;

/** A field of the config that another manager set to another value. */
export interface Conflict {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  /** As the API server prints it: `.spec.template.spec.containers[name="web"].image`. */
  readonly path: string;
}

export interface ApplyInput {
  /** The object as stored, undefined where there is none. */
  readonly live: KubeObject | undefined;
  /** The apply configuration; its `apiVersion` is that of the new managedFields entry. */
  readonly config: KubeObject;
  readonly manager: string;
  readonly force: boolean;
  /** RFC 3339, whole seconds, as managedFields has it: `2026-11-23T18:00:00Z`. */
  readonly now: string;
  readonly schema: TypeSchema;
  readonly subresource?: string;
  /** Fields that this endpoint does not take; see `resetFields`. */
  readonly reset?: FieldSet;
  /**
   * What the server does to a merged object before it compares and stores it: defaults, canonical quantities,
   * dropping nulls. Must leave metadata.managedFields alone.
   */
  readonly complete?: (merged: KubeObject) => KubeObject;
}

export type ApplyOutcome =
  /** `object` has its managedFields; `changed` is false where it equals `live` (then it is `live`, times included). */
  | {
      readonly outcome: "applied";
      readonly object: KubeObject;
      readonly created: boolean;
      readonly changed: boolean;
    }
  | { readonly outcome: "conflict"; readonly conflicts: readonly Conflict[]; readonly message: string };

/** Server-side apply. Throws `invalid-config` with one problem per field that does not fit the schema. */
export declare function applyServerSide(input: ApplyInput): ApplyOutcome;

export interface UpdateInput {
  /** The object as stored, undefined for a create. */
  readonly before: KubeObject | undefined;
  /** The object to store (a PUT body, or the result of a patch), defaults included. */
  readonly after: KubeObject;
  readonly manager: string;
  /** RFC 3339, whole seconds. */
  readonly now: string;
  readonly schema: TypeSchema;
  readonly subresource?: string;
  readonly reset?: FieldSet;
}

/** `after` with the managedFields that a create, PUT or non-apply patch by `manager` leaves. */
export declare function updateManaged(input: UpdateInput): KubeObject;

/** RFC 6902. Throws `invalid-patch` (malformed) or `patch-failed` (does not fit the object, a failed test). */
export declare function jsonPatch(object: JsonObject, operations: Json): JsonObject;
/** RFC 7386. */
export declare function mergePatch(object: JsonObject, patch: JsonObject): JsonObject;
/** Kubernetes strategic merge patch with its `$` directives. Throws `invalid-patch`. */
export declare function strategicMergePatch(
  object: JsonObject,
  patch: JsonObject,
  schema: TypeSchema,
): JsonObject;
