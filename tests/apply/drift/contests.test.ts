import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Contests, type Drifted } from "../../../engine/apply/drift/contests.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-23T18:00:00Z");

function drifted(...fields: readonly string[]): Drifted {
  return { fields, managers: ["other"] };
}

/** Contests in which `.a` of an object was put back three times, the last time at `START`. */
function contested(): Contests {
  const contests = new Contests();
  for (const ago of [2, 1, 0]) contests.putBack("x", drifted(".a"), START - ago * MINUTE);
  return contests;
}

describe("a field that is put back again and again", () => {
  it("is contested the third time in 5 minutes, and told so once", () => {
    const contests = new Contests();
    const told = [0, 2, 4, 4.5].map((at) => contests.putBack("x", drifted(".a"), START + at * MINUTE));
    expect(told).toEqual([[], [], [".a"], []]);
    expect(contests.of("x", START + 4.5 * MINUTE)).toEqual({ fields: [".a"], managers: ["other"] });
  });

  it("is not where the three times take longer, are of other fields, or of other objects", () => {
    const contests = new Contests();
    for (const at of [0, 3, 6, 9])
      expect(contests.putBack("x", drifted(".a"), START + at * MINUTE)).toEqual([]);
    for (const field of [".b", ".c"]) expect(contests.putBack("x", drifted(field), START)).toEqual([]);
    expect(contests.putBack("y", drifted(".b"), START)).toEqual([]);
    expect(contests.heldUntil("x", drifted(".a"), START + 9 * MINUTE)).toBeUndefined();
  });

  it("waits for 5 minutes from the last time, then is put back, and is still contested", () => {
    const contests = contested();
    const end = START + 5 * MINUTE;
    expect(contests.heldUntil("x", drifted(".a"), START + 1)).toBe(end);
    expect(contests.nextDue(START + 1)).toBe(end);
    expect(contests.heldUntil("x", drifted(".a"), end)).toBeUndefined();
    expect(contests.putBack("x", drifted(".a"), end)).toEqual([]);
    expect(contests.heldUntil("x", drifted(".a"), end + 1)).toBe(end + 5 * MINUTE);
  });

  it("holds nothing up that drifted beside it", () => {
    expect(contested().heldUntil("x", drifted(".a", ".b"), START + 1)).toBeUndefined();
    expect(contested().heldUntil("y", drifted(".a"), START + 1)).toBeUndefined();
  });

  it.each([
    ["was quiet", (contests: Contests) => contests],
    [
      "was given back",
      (contests: Contests) => {
        contests.heldUntil("x", drifted(".a"), START + 1);
        contests.calm("x");
        return contests;
      },
    ],
  ])("is contested no more after 5 minutes in which it %s", (_, quiet) => {
    const contests = quiet(contested());
    const end = START + 5 * MINUTE;
    expect(contests.of("x", end - 1)).toBeDefined();
    expect(contests.of("x", end)).toBeUndefined();
    expect(contests.nextDue(end)).toBeUndefined();
    expect(contests.heldUntil("x", drifted(".a"), end)).toBeUndefined();
    expect(contests.putBack("x", drifted(".a"), end)).toEqual([]);
  });

  it("is never put back more than three times in 5 minutes, however often it is changed", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 * MINUTE }), { maxLength: 60 }), (pauses) => {
        const contests = new Contests();
        const times: number[] = [];
        let now = START;
        for (const pause of pauses) {
          now += pause;
          if (contests.heldUntil("x", drifted(".a"), now) !== undefined) continue;
          contests.putBack("x", drifted(".a"), now);
          times.push(now);
        }
        for (const time of times) {
          const window = times.filter((other) => other > time - 5 * MINUTE && other <= time);
          expect(window.length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
