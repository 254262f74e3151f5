import {
  ignoredPath,
  ignoredPaths,
  isIgnoredIn,
  parseOverridePath,
  type SchemaOf,
  valueAt,
} from "../merge/index.ts";
import type { DesiredLayer, DesiredObject } from "../model/desired.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import type { Ignored } from "../model/profile.ts";

/** What is wrong with one entry of a layer's `ignore`, by its index, and with which of its fields. */
export interface IgnoreFault {
  readonly index: number;
  readonly field: "object" | "path";
  readonly problem: Problem;
}

/** A rendered layer, overrides over it, in which each object says which of its places the layer ignores. */
export function markIgnored(layer: DesiredLayer, schemaOf: SchemaOf): DesiredLayer {
  const { ignore } = layer;
  if (ignore === undefined) return layer;
  const mark = (desired: DesiredObject): DesiredObject => {
    const ignored = ignoredPaths(desired.object, ignore, schemaOf);
    return ignored.length === 0 ? desired : { ...desired, ignored };
  };
  return { ...layer, objects: layer.objects.map(mark) };
}

/** Paths of a layer's `ignore` that cannot be, and entries that find nothing in the layer, which are warnings. */
export function ignoreFaults({ ignore = [], objects }: DesiredLayer, schemaOf: SchemaOf): IgnoreFault[] {
  return ignore.flatMap((entry, index): IgnoreFault[] => {
    try {
      const unused = unusedField(entry, objects, schemaOf);
      return unused === undefined ? [] : [{ index, field: unused, problem: UNUSED[unused] }];
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return [{ index, field: "path", problem: error.toProblem() }];
    }
  });
}

/** Which field of an entry finds nothing. Throws `path-invalid`. */
function unusedField(
  entry: Ignored,
  objects: readonly DesiredObject[],
  schemaOf: SchemaOf,
): IgnoreFault["field"] | undefined {
  parseOverridePath(entry.path);
  const meant = objects.map(({ object }) => object).filter((object) => isIgnoredIn(entry, object));
  if (meant.length === 0) return "object";
  const isSet = meant.map((object) => {
    const type = schemaOf(object);
    const paths = ignoredPath(entry.path, object, type);
    return paths.some((path) => valueAt(object, path, { type }).state === "found");
  });
  return isSet.includes(true) ? undefined : "path";
}

const UNUSED: Readonly<Record<IgnoreFault["field"], Problem>> = {
  object: {
    code: "ignore-unused",
    message: "the layer has no such object",
    hint: "correct kind, name and namespace, or remove the entry",
    severity: "warning",
  },
  path: {
    code: "ignore-unused",
    message: "the layer sets no such value in the object",
    hint: "correct the path, or remove the entry",
    severity: "warning",
  },
};
