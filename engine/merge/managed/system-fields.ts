import { type FieldSet, fieldSet } from "../fields/field-set.ts";

const METADATA = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
];

/** What names an object or is the server's own: never in a managedFields entry. */
export const SYSTEM_FIELDS: FieldSet = fieldSet([
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...METADATA.map((name) => ["f:metadata", `f:${name}`]),
]);
