export {
  below,
  differenceBelow,
  difference,
  EMPTY_SET,
  equalSets,
  type FieldSet,
  fieldSet,
  hasPath,
  intersection,
  isEmptySet,
  type Path,
  pathsOf,
  union,
} from "./fields/field-set.ts";
export { decodeFields, encodeFields } from "./fields/fields-v1.ts";
export {
  fieldElement,
  formatPath,
  keyElement,
  type PathElement,
  valueElement,
} from "./fields/path-element.ts";
export { applyServerSide } from "./managed/apply-server-side.ts";
export { describeManager } from "./managed/conflicts.ts";
export {
  decodeManaged,
  encodeManaged,
  type Managed,
  type ManagedEntry,
  managerKey,
} from "./managed/entries.ts";
export { resetFields } from "./managed/reset-fields.ts";
export { updateManaged } from "./managed/update-managed.ts";
export { jsonPatch } from "./patch/json-patch.ts";
export { mergePatch } from "./patch/merge-patch.ts";
export { strategicMergePatch } from "./patch/strategic-merge-patch.ts";
export { schemaFor } from "./schema/builtin.ts";
export { schemaOfCrd } from "./schema/crd.ts";
export { deducedSchema } from "./schema/deduced.ts";
export type * from "./schema/type-schema.ts";
export { asStored } from "./typed/as-stored.ts";
export { fieldsOf } from "./typed/fields-of.ts";
export { jsonEqual } from "./typed/json-equal.ts";
export { validate } from "./typed/validate.ts";
