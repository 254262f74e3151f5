import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyOverride,
  diffObjects,
  dropPaths,
  mergeOverride,
  type OverriddenPath,
  overriddenPaths,
  schemasAmong,
} from "../../../engine/merge/index.ts";
import { isJsonObject, type Json, type KubeObject } from "../../../engine/model/kube-object.ts";
import { update as drawn } from "./arbitrary-objects.ts";
import { byIdentity } from "./compare.ts";
import { GADGET_CRD } from "./gadget-crd.ts";
import { wronglyMerged } from "./merged-by-hand.ts";
import { related, shapesAround } from "./related-paths.ts";

const schemaOf = schemasAmong([GADGET_CRD]);
const RUNS = { numRuns: 2500 };

const apply = (objects: readonly KubeObject[], override: readonly KubeObject[]) =>
  applyOverride(objects, override, schemaOf).objects;
const diff = (before: readonly KubeObject[], after: readonly KubeObject[]) =>
  diffObjects(before, after, schemaOf);
const pathsIn = (objects: readonly KubeObject[], override: readonly KubeObject[]) =>
  overriddenPaths(objects, override, schemaOf);
const merge = (base: readonly KubeObject[], theirs: readonly KubeObject[], override: readonly KubeObject[]) =>
  mergeOverride({ base, theirs, override, schemaOf });

/** A profile before and after an update, and the override of the first. */
const update = drawn.map(({ base, theirs, mine }) => ({ base, theirs, mine, override: diff(base, mine) }));

describe("the three-way merge", () => {
  test("is what anybody would make of it by hand: mine where I changed it, else theirs", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, mine, override }) => {
        expect(wronglyMerged({ base, theirs, mine, merged: apply(theirs, override) })).toEqual([]);
      }),
      RUNS,
    );
  });

  test("loses no override: what it says is in the result, which it therefore does not change again", () => {
    fc.assert(
      fc.property(update, ({ theirs, override }) => {
        const merged = apply(theirs, override);
        expect(byIdentity(apply(merged, override))).toEqual(byIdentity(merged));
      }),
      RUNS,
    );
  });

  test("loses no change of the profile and invents none: the result differs from it where it is overridden", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, override }) => {
        const overridden = pathsIn(base, override);
        for (const path of pathsIn(theirs, diff(theirs, apply(theirs, override)))) {
          expect(overridden.some((each) => related(each, path))).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("keeps each override that no change of the profile is near, and only conflicts where one is", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, override }) => {
        const changed = pathsIn(base, diff(base, theirs));
        for (const path of merge(base, theirs, override)) {
          if (!changed.some((each) => related(each, path))) expect(path.state).toBe("kept");
          else if (path.state === "kept" && path.directive !== "$setElementOrder")
            expect(path.theirs ?? null).toEqual(path.before ?? null);
        }
      }),
      RUNS,
    );
  });

  test("keeps none where the profile gave another shape to what holds it", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, override }) => {
        for (const path of merge(base, theirs, override)) {
          const [before, after] = [shapesAround(base, path), shapesAround(theirs, path)];
          const isOther = before.some((shape, index) => shape !== "nothing" && shape !== after[index]);
          if (isOther) expect(path.state).not.toBe("kept");
        }
      }),
      RUNS,
    );
  });

  test("calls redundant just what changes nothing", () => {
    fc.assert(
      fc.property(update, fc.nat(), ({ base, theirs, override }, pick) => {
        const paths = merge(base, theirs, override).filter(({ state }) => state !== "orphaned");
        const one = paths[pick % paths.length];
        fc.pre(one !== undefined);
        const left = dropPaths(override, [one], schemaOf);
        const isIdle = isDeepStrictEqual(
          byIdentity(apply(theirs, left)),
          byIdentity(apply(theirs, override)),
        );
        expect(one.state === "redundant").toBe(isIdle);
      }),
      { numRuns: 1200 },
    );
  });

  test("gives the same whichever of two independent changes comes first", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, override }) => {
        const change = diff(base, theirs);
        const overridden = pathsIn(base, override);
        fc.pre(!pathsIn(base, change).some((path) => overridden.some((each) => related(each, path))));
        // new items of both come in the order in which they were added
        expect(ordered(apply(apply(base, override), change))).toEqual(ordered(apply(theirs, override)));
      }),
      RUNS,
    );
  });

  test("finds every path kept that is left, once the update is the base", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, override }) => {
        const left = settled(base, theirs, override);
        for (const path of merge(theirs, theirs, left)) expect(path.state).toBe("kept");
        expect(byIdentity(apply(theirs, left))).toEqual(
          byIdentity(apply(theirs, withoutOrphans(base, theirs, override))),
        );
      }),
      RUNS,
    );
  });

  test("leaves no override where the profile's value is taken everywhere", () => {
    fc.assert(
      fc.property(update, ({ base, theirs, override }) => {
        expect(dropPaths(override, merge(base, theirs, override), schemaOf)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("takes the profile's value at one path and leaves the others as they are", () => {
    fc.assert(
      fc.property(update, fc.nat(), ({ base, theirs, override }, pick) => {
        const paths = merge(base, theirs, override);
        const taken = paths[pick % paths.length];
        fc.pre(taken !== undefined);
        const left = dropPaths(override, [taken], schemaOf);
        const others = (each: OverriddenPath) => !related(each, taken);
        expect(merge(base, theirs, left).filter(others)).toEqual(paths.filter(others));
        const same = ({ object, path }: OverriddenPath) =>
          path === taken.path && isDeepStrictEqual(object, taken.object);
        expect(merge(base, theirs, left).some(same)).toBe(false);
      }),
      RUNS,
    );
  });
});

/** The override once nothing of it is redundant or orphaned. */
function settled(
  base: readonly KubeObject[],
  theirs: readonly KubeObject[],
  override: readonly KubeObject[],
): readonly KubeObject[] {
  const gone = merge(base, theirs, override).filter(
    ({ state }) => state === "redundant" || state === "orphaned",
  );
  // what an order named may be gone with an item: it is redundant then
  return gone.length === 0 ? override : settled(base, theirs, dropPaths(override, gone, schemaOf));
}

function withoutOrphans(
  base: readonly KubeObject[],
  theirs: readonly KubeObject[],
  override: readonly KubeObject[],
): readonly KubeObject[] {
  const gone = merge(base, theirs, override).filter(({ state }) => state === "orphaned");
  return dropPaths(override, gone, schemaOf);
}

/** The objects with the items of lists in an order of their own. */
function ordered(objects: readonly KubeObject[]): Json {
  const order = (value: Json): Json => {
    if (Array.isArray(value)) {
      const items = (value as readonly Json[]).map((item) => JSON.stringify(order(item)));
      return items.toSorted();
    }
    if (!isJsonObject(value)) return value;
    const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(fields.map(([name, each]) => [name, order(each)]));
  };
  return order(byIdentity(objects));
}
