import type { Json } from "../../model/kube-object.ts";

/** Which scalars a place takes; `untyped` is any of them (a time, a quantity, int-or-string). */
export type ScalarKind = "string" | "numeric" | "boolean" | "untyped";

/**
 * What may stand at one place of an object and how two writers' values are merged there. More than one part
 * is set where the schema leaves the shape open; the value then decides.
 */
export interface TypeSchema {
  readonly scalar?: ScalarKind;
  readonly list?: ListSchema;
  readonly map?: MapSchema;
}

export interface ListSchema {
  /** `atomic`: one value; `set`: scalars, each once; `map`: objects known by `keys`. */
  readonly kind: "atomic" | "set" | "map";
  /** Names of the key fields of `map` lists, as the schema has them; empty for the others. */
  readonly keys: readonly string[];
  item(): TypeSchema;
}

export interface MapSchema {
  /** `granular`: merged field by field; `atomic`: one value. */
  readonly kind: "granular" | "atomic";
  /** A declared field. */
  field(name: string): FieldSchema | undefined;
  /** All declared fields. */
  fields(): Iterable<readonly [string, FieldSchema]>;
  /** The type of fields that are not declared; undefined where those are an error. */
  others(): TypeSchema | undefined;
}

export interface FieldSchema {
  readonly type: TypeSchema;
  /** Known for fields that are keys of a list: an item without the field is known by this value. */
  readonly keyDefault?: Json;
  /**
   * What the API server stores where the field is empty, for kinds that it holds as Go structs: `written` fields
   * are there as `{}` or `null`, `dropped` ones are left out. Absent: what the client sent.
   */
  readonly empty?: "written" | "dropped";
  /** How a strategic merge patch treats the field; absent is replace (lists) and merge (objects). */
  readonly patch?: PatchStrategy;
}

export interface PatchStrategy {
  /** `merge`: items of a list merge, by `mergeKey` or as a set of scalars; `replace`: a map is replaced. */
  readonly strategy?: "merge" | "replace";
  /** `$retainKeys` is understood in the object or in the items of the list. */
  readonly retainKeys: boolean;
  readonly mergeKey?: string;
}

/** Group, version and kind; the core group is the empty string. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
