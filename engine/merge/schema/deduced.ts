import type { TypeSchema } from "./type-schema.ts";

/** Any value, one whole: what is inside a RawExtension or in a list of unknown type. */
export const untypedSchema: TypeSchema = {
  scalar: "untyped",
  list: { kind: "atomic", keys: [], item: () => untypedSchema },
  map: { kind: "atomic", field: () => undefined, fields: () => [], others: () => untypedSchema },
};

/** For values without a schema: objects merge field by field, lists are one value. */
export const deducedSchema: TypeSchema = {
  scalar: "untyped",
  list: { kind: "atomic", keys: [], item: () => untypedSchema },
  map: { kind: "granular", field: () => undefined, fields: () => [], others: () => deducedSchema },
};
