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
export { applyOverride } from "./override/apply-override.ts";
export type { SchemaOf } from "./override/document.ts";
export { documentEdits } from "./override/document-edits.ts";
export { dropPaths } from "./override/drop-paths.ts";
export {
  ignoredPath,
  ignoredPaths,
  isIgnoredIn,
  withLivePaths,
  withoutPaths,
} from "./override/ignored-paths.ts";
export { diffObjects, layOver } from "./override/lay-over.ts";
export { type MergedPath, mergeOverride } from "./override/merge-override.ts";
export { applyPatch, diffObject } from "./override/object-patch.ts";
export { type OverriddenPath, overriddenPaths } from "./override/overridden-paths.ts";
export { formatOverridePath, parseOverridePath } from "./override/path.ts";
export type { ChosenPath } from "./override/path-choice.ts";
export { schemasAmong } from "./override/schemas.ts";
export { valueAt } from "./override/value-at.ts";
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
