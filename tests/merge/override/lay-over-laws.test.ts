import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyOverride,
  diffObjects,
  layOver,
  overriddenPaths,
  schemasAmong,
} from "../../../engine/merge/index.ts";
import { layers, update } from "./arbitrary-objects.ts";
import { hasTwins } from "./merged-by-hand.ts";
import { byIdentity } from "./compare.ts";
import { GADGET_CRD } from "./gadget-crd.ts";
import { related } from "./related-paths.ts";

const schemaOf = schemasAmong([GADGET_CRD]);
const RUNS = { numRuns: 2500 };

const edits = fc.oneof(
  update.map(({ base, theirs, mine }) => ({ base, mine, edited: theirs })),
  fc.record({ base: layers, mine: layers, edited: layers }),
);

describe("an edit laid over an override", () => {
  test("gives what was edited", () => {
    fc.assert(
      fc.property(edits, ({ base, mine, edited }) => {
        const override = diffObjects(base, mine, schemaOf);
        const laid = layOver({ base, override, edited, schemaOf });
        expect(byIdentity(applyOverride(base, laid, schemaOf).objects)).toEqual(byIdentity(edited));
      }),
      RUNS,
    );
  });

  test("gives what was edited over an override of another base too, and leaves the paths that it does not touch", () => {
    fc.assert(
      fc.property(edits, fc.nat({ max: 1 }), ({ base, mine, edited }, way) => {
        // an override with paths that are redundant, in conflict or orphaned at its new base
        const [from, to] = way === 0 ? [edited, mine] : [mine, edited];
        const override = diffObjects(from, to, schemaOf);
        const shown = applyOverride(base, override, schemaOf).objects;
        const laid = layOver({ base, override, edited: mine, schemaOf });
        expect(byIdentity(applyOverride(base, laid, schemaOf).objects)).toEqual(byIdentity(mine));

        // a list with twins is one value: laying an edit over it replaces all of it
        if ([base, shown, mine].some((objects) => objects.some((object) => hasTwins(object)))) return;
        const changed = overriddenPaths(shown, diffObjects(shown, mine, schemaOf), schemaOf);
        const untouched = overriddenPaths(base, override, schemaOf).filter(
          (path) => !changed.some((each) => related(each, path)),
        );
        expect(overriddenPaths(base, laid, schemaOf)).toEqual(expect.arrayContaining(untouched));
      }),
      RUNS,
    );
  });

  test("of nothing leaves every document as it is", () => {
    fc.assert(
      fc.property(edits, ({ base, mine }) => {
        const override = diffObjects(base, mine, schemaOf);
        const { objects } = applyOverride(base, override, schemaOf);
        const laid = layOver({ base, override, edited: structuredClone(objects), schemaOf });
        expect(laid.every((document, index) => document === override[index])).toBe(true);
        expect(laid).toHaveLength(override.length);
      }),
      RUNS,
    );
  });

  test("back to the profile leaves no override", () => {
    fc.assert(
      fc.property(edits, ({ base, mine }) => {
        const override = diffObjects(base, mine, schemaOf);
        expect(layOver({ base, override, edited: base, schemaOf })).toEqual([]);
      }),
      RUNS,
    );
  });
});
