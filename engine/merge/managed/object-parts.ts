import type { Json, KubeObject } from "../../model/kube-object.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { asStored } from "../typed/as-stored.ts";

/** The object without its managedFields, which own nothing and are owned by nobody, in the form it is stored in. */
export function withoutManaged(object: KubeObject, schema: TypeSchema): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  // a stored object is an object of the same kind and name
  return asStored({ ...object, metadata }, schema) as KubeObject;
}

/** The object with these managedFields; none at all where the list is empty. */
export function withManaged(object: KubeObject, managedFields: readonly Json[]): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields },
  };
}

/** What a kind has before anything is created: only what the server always writes. */
export function emptyObject(like: KubeObject, schema: TypeSchema): Json {
  return asStored({ apiVersion: like.apiVersion, kind: like.kind }, schema);
}
