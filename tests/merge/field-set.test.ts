import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeFields,
  difference,
  differenceBelow,
  EMPTY_SET,
  encodeFields,
  equalSets,
  type FieldSet,
  fieldElement,
  fieldSet,
  formatPath,
  hasPath,
  intersection,
  isEmptySet,
  keyElement,
  type Path,
  pathsOf,
  union,
  valueElement,
} from "../../engine/merge/index.ts";

const element = fc.oneof(
  fc.constantFrom("a", "b", "c", "a.b", "", "ö").map(fieldElement),
  fc.record({ name: fc.constantFrom("x", "<y>", '"'), port: fc.constantFrom(1, 10, 2) }).map(keyElement),
  fc.oneof(fc.constantFrom<string | number | boolean>("s", "t&", 1, 10, 2, true, false)).map(valueElement),
  fc.nat({ max: 12 }).map((index) => `i:${index}`),
);
const path: fc.Arbitrary<Path> = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 12 });
const set: fc.Arbitrary<FieldSet> = paths.map(fieldSet);

const texts = (of: FieldSet) => new Set([...pathsOf(of)].map((each) => JSON.stringify(each)));

describe("laws of field sets", () => {
  test("a set holds exactly the paths it was made of", () => {
    fc.assert(
      fc.property(paths, path, (all, other) => {
        const made = fieldSet(all);
        const wanted = new Set(all.map((each) => JSON.stringify(each)));
        expect(texts(made)).toEqual(wanted);
        expect(hasPath(made, other)).toBe(wanted.has(JSON.stringify(other)));
        expect(isEmptySet(made)).toBe(wanted.size === 0);
      }),
    );
  });

  test("union, intersection and difference are those of sets of paths", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [left, right] = [texts(a), texts(b)];
        expect(texts(union(a, b))).toEqual(new Set([...left, ...right]));
        expect(texts(intersection(a, b))).toEqual(new Set([...left].filter((each) => right.has(each))));
        expect(texts(difference(a, b))).toEqual(new Set([...left].filter((each) => !right.has(each))));
      }),
    );
  });

  test("differenceBelow also takes what is below a path", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const covered = (each: Path) => each.some((_, index) => hasPath(b, each.slice(0, index + 1)));
        const wanted = [...pathsOf(a)].filter((each) => !covered(each)).map((each) => JSON.stringify(each));
        expect(texts(differenceBelow(a, b))).toEqual(new Set(wanted));
      }),
    );
  });

  test("no operation leaves an empty branch", () => {
    const hasEmptyBranch = (of: FieldSet): boolean =>
      [...of.children.values()].some((child) => isEmptySet(child) || hasEmptyBranch(child));
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const result of [union(a, b), intersection(a, b), difference(a, b), differenceBelow(a, b)]) {
          expect(hasEmptyBranch(result)).toBe(false);
        }
      }),
    );
  });

  test("sets are equal exactly when their paths are, whatever the order they came in", () => {
    fc.assert(
      fc.property(paths, set, (all, other) => {
        expect(equalSets(fieldSet(all), fieldSet(all.toReversed()))).toBe(true);
        const same =
          JSON.stringify([...texts(fieldSet(all))].toSorted()) ===
          JSON.stringify([...texts(other)].toSorted());
        expect(equalSets(fieldSet(all), other)).toBe(same);
      }),
    );
  });

  test("FieldsV1 decodes to the set it encodes; equal sets have one text", () => {
    fc.assert(
      fc.property(paths, (all) => {
        const text = JSON.stringify(encodeFields(fieldSet(all)));
        expect(texts(decodeFields(JSON.parse(text)))).toEqual(texts(fieldSet(all)));
        expect(JSON.stringify(encodeFields(fieldSet(all.toReversed())))).toBe(text);
      }),
    );
  });
});

describe("FieldsV1", () => {
  test("writes fields, then keys, values and indices, numbers by size", () => {
    const mixed = fieldSet([
      ["i:10"],
      ["i:9"],
      ['v:"s"'],
      ["v:10"],
      ["v:9"],
      ['k:{"p":10}'],
      ['k:{"p":9}'],
      ["f:b"],
      ["f:a"],
    ]);
    expect(Object.keys(encodeFields(mixed))).toEqual([
      "f:a",
      "f:b",
      'k:{"p":9}',
      'k:{"p":10}',
      "v:9",
      "v:10",
      'v:"s"',
      "i:9",
      "i:10",
    ]);
  });

  test("reads keys in any order and spacing as the same item", () => {
    const written = decodeFields({ 'k:{ "protocol": "TCP", "port": 80 }': { ".": {}, "f:name": {} } });
    expect([...pathsOf(written)]).toEqual([
      ['k:{"port":80,"protocol":"TCP"}'],
      ['k:{"port":80,"protocol":"TCP"}', "f:name"],
    ]);
  });

  test("drops elements of a kind it does not know, refuses malformed ones", () => {
    expect(equalSets(decodeFields({ "x:new": {} }), EMPTY_SET)).toBe(true);
    expect(() => decodeFields({ name: {} })).toThrow("no path element");
    expect(() => decodeFields({ "k:[1]": {} })).toThrow("no path element");
    expect(() => decodeFields({ "v:nonsense": {} })).toThrow("no path element");
    expect(() => decodeFields("f:a")).toThrow("no object");
  });

  test("prints paths as the API server does", () => {
    const port = ["f:spec", "f:ports", keyElement({ protocol: "TCP", port: 80 }), "f:name"];
    expect(formatPath(port)).toBe('.spec.ports[port=80,protocol="TCP"].name');
    expect(formatPath(["f:finalizers", valueElement("a/b"), "i:3"])).toBe('.finalizers[="a/b"][3]');
  });
});
