import type { TypeSchema } from "../../engine/merge/index.ts";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";

/** A kind that the sandbox serves at one version. */
export interface ResourceDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** `status`, `scale`. */
  readonly subresources: readonly string[];
  readonly schema: TypeSchema;
  /** The version that discovery prefers. */
  readonly preferred: boolean;
  /** Columns that a CRD prints. */
  readonly columns?: readonly JsonObject[];
  /** The OpenAPI v3 schema of a CRD's version. */
  readonly openApi?: JsonObject;
}

/** Where objects of one kind are kept, whatever version they are asked at: `<group>/<plural>`. */
export type ResourceKey = string;

export function resourceKey(definition: { readonly group: string; readonly plural: string }): ResourceKey {
  return `${definition.group}/${definition.plural}`;
}

/** One change of one object. `before` is what watches with selectors need. */
export interface StoreEvent {
  readonly revision: number;
  readonly resource: ResourceKey;
  readonly before: KubeObject | undefined;
  /** Undefined where the object is gone. */
  readonly after: KubeObject | undefined;
}
