import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyOverride,
  applyPatch,
  diffObject,
  diffObjects,
  dropPaths,
  overriddenPaths,
  schemasAmong,
} from "../../../engine/merge/index.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../engine/model/kube-object.ts";
import { layers, pair } from "./arbitrary-objects.ts";
import { GADGET_CRD } from "./gadget-crd.ts";
import { byIdentity, withoutNulls } from "./compare.ts";

const schemaOf = schemasAmong([GADGET_CRD]);
const RUNS = { numRuns: 4000 };
/** Each of these tries every smaller patch too. */
const SLOW_RUNS = { numRuns: 1500 };

describe("the patch of two states of an object", () => {
  test("makes the second of the first, list order included, also when read from a file", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const patch = diffObject(a, b, schemaOf(a));
        const read = JSON.parse(JSON.stringify(patch)) as JsonObject;
        expect(withoutNulls(applyPatch(patch, a, schemaOf(a)))).toEqual(withoutNulls(b));
        expect(withoutNulls(applyPatch(read, a, schemaOf(a)))).toEqual(withoutNulls(b));
      }),
      RUNS,
    );
  });

  test("is empty where they are equal, and only there", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(diffObject(a, structuredClone(a), schemaOf(a))).toEqual({});
        expect(diffObject(withoutNulls(a), a, schemaOf(a))).toEqual({});
        const equal = JSON.stringify(sorted(withoutNulls(a))) === JSON.stringify(sorted(withoutNulls(b)));
        expect(Object.keys(diffObject(a, b, schemaOf(a))).length === 0).toBe(equal);
      }),
      RUNS,
    );
  });

  test("has no key that could be left out, apart from those that say which item is meant", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        // gadgets have nulls in atomic lists, which say nothing
        fc.pre(a.kind !== "Gadget");
        for (const smaller of withoutOneKey(diffObject(a, b, schemaOf(a)), false)) {
          let result: Json | undefined;
          try {
            result = applyPatch(asObject(smaller), a, schemaOf(a));
          } catch {
            continue;
          }
          expect(result).not.toEqual(b);
        }
      }),
      SLOW_RUNS,
    );
  });

  test("has no path that could be left out", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const override = diffObjects([a], [b], schemaOf);
        for (const path of overriddenPaths([a], override, schemaOf)) {
          const { objects } = applyOverride([a], dropPaths(override, [path], schemaOf), schemaOf);
          expect(objects.map(withoutNulls)).not.toEqual([withoutNulls(b)]);
        }
      }),
      SLOW_RUNS,
    );
  });
});

describe("the override of a layer", () => {
  test("makes the second state of the first", () => {
    fc.assert(
      fc.property(layers, layers, (before, after) => {
        const { objects, problems } = applyOverride(before, diffObjects(before, after, schemaOf), schemaOf);
        expect(byIdentity(objects)).toEqual(byIdentity(after));
        expect(problems).toEqual([]);
      }),
      RUNS,
    );
  });

  test("has one document for each object that differs", () => {
    fc.assert(
      fc.property(layers, layers, (before, after) => {
        const [mine, theirs] = [byIdentity(before), byIdentity(after)];
        const differ = Object.keys({ ...mine, ...theirs }).filter(
          (key) => JSON.stringify(sorted(mine[key] ?? null)) !== JSON.stringify(sorted(theirs[key] ?? null)),
        );
        expect(Object.keys(byIdentity(diffObjects(before, after, schemaOf))).toSorted()).toEqual(
          differ.toSorted(),
        );
      }),
      RUNS,
    );
  });
});

const KEYS = new Set(["name", "containerPort", "port", "protocol", "mountPath"]);

/** Each patch that lacks one key of this one. */
function* withoutOneKey(patch: Json, isItem: boolean): Generator<Json> {
  if (Array.isArray(patch)) {
    const list = patch as readonly Json[];
    for (const [index, item] of list.entries()) {
      for (const smaller of withoutOneKey(item, true)) yield list.toSpliced(index, 1, smaller);
    }
  }
  if (!isJsonObject(patch)) return;
  for (const [name, value] of Object.entries(patch)) {
    const others = Object.entries(patch).filter(([each]) => each !== name);
    if (!isItem || !KEYS.has(name)) yield Object.fromEntries(others);
    // what an order names is where, not what
    if (name.startsWith("$")) continue;
    for (const smaller of withoutOneKey(value, false)) yield Object.fromEntries([...others, [name, smaller]]);
  }
}

function asObject(value: Json): JsonObject {
  if (!isJsonObject(value)) throw new Error("a patch is an object");
  return value;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}
