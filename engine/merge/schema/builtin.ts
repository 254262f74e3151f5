import { KINDS, TYPES } from "./builtin.generated.ts";
import { parseTypes } from "./parse-builtin.ts";
import type { GroupVersionKind, TypeSchema } from "./type-schema.ts";

const types = parseTypes(TYPES);

/** Schema of a built-in kind of Kubernetes 1.36; undefined for kinds it does not have (custom resources). */
export function schemaFor({ group, version, kind }: GroupVersionKind): TypeSchema | undefined {
  const name = KINDS[`${group}/${version}/${kind}`];
  return name === undefined ? undefined : types.get(name);
}
