import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decideTurn,
  FINISHED_PATIENCE,
  PATIENCE,
  type TurnFacts,
} from "../../../engine/apply/turn/decide-turn.ts";

const COMMITS: readonly string[] = ["c1", "c2", "c3"];
const arbitraryParent = fc.record({
  engine: fc.constantFrom("a", "b"),
  commit: fc.constantFrom(...COMMITS),
  state: fc.constantFrom("changing" as const, "finished" as const),
});

/** Facts as engine `a` may have them. */
const arbitraryFacts: fc.Arbitrary<TurnFacts> = fc
  .record({
    parent: fc.option(arbitraryParent, { nil: undefined }),
    wasTakenAway: fc.boolean(),
    engine: fc.constant("a"),
    commits: fc.subarray([...COMMITS], { minLength: 1 }),
    isDescendant: fc.boolean(),
    quietMs: fc.integer({ min: 0, max: 10_000_000 }),
    takenBefore: fc.integer({ min: 0, max: 40 }),
    isTip: fc.boolean(),
  })
  .map((facts) => ({
    ...facts,
    isDescendant: facts.isDescendant && !facts.commits.includes(facts.parent?.commit ?? ""),
  }));

const theirs = { parent: { engine: "b", commit: "c1", state: "changing" }, engine: "a" } as const;
const atRest = { wasTakenAway: false, isDescendant: false, quietMs: 0, takenBefore: 0, isTip: false };

describe("a turn", () => {
  it("is held by the engine that the parent names, whatever the commit", () => {
    fc.assert(
      fc.property(arbitraryFacts, arbitraryParent, (facts, parent) => {
        expect(decideTurn({ ...facts, parent: { ...parent, engine: "a" } })).toEqual({ turn: "hold" });
      }),
    );
  });

  it("goes at once to a descendant commit, and where there is no inventory", () => {
    fc.assert(
      fc.property(arbitraryFacts, arbitraryParent, (facts, parent) => {
        const newer = { ...facts, parent: { ...parent, engine: "b" }, commits: ["c4"], isDescendant: true };
        expect(decideTurn(newer)).toEqual({ turn: "take" });
        expect(decideTurn({ ...facts, parent: undefined, wasTakenAway: false })).toEqual({ turn: "take" });
      }),
    );
  });

  it("is never taken from another engine at a commit that we know nothing newer than, before its time", () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const { parent, commits, quietMs, isDescendant, isTip } = facts;
        const { turn } = decideTurn(facts);
        if (parent === undefined || parent.engine === "a" || isDescendant || turn !== "take") return;
        expect(quietMs).toBeGreaterThanOrEqual(FINISHED_PATIENCE);
        if (parent.state === "changing") expect(quietMs).toBeGreaterThanOrEqual(PATIENCE);
        if (!commits.includes(parent.commit)) {
          expect(quietMs).toBeGreaterThanOrEqual(PATIENCE);
          expect(isTip).toBe(true);
        }
      }),
    );
  });

  it("comes when the time that it named is over and the repository agrees", () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const decision = decideTurn(facts);
        if (!("forMs" in decision)) return;
        expect(decision.forMs).toBeGreaterThanOrEqual(0);
        const later = { ...facts, quietMs: facts.quietMs + decision.forMs, isTip: true };
        expect(decideTurn(later)).toEqual({ turn: "take" });
        if (decision.forMs === 0) return;
        const sooner = { ...later, quietMs: later.quietMs - 1 };
        expect(decideTurn(sooner)).toEqual({ ...decision, forMs: 1 });
      }),
    );
  });

  it("waits longer each time that two who want different things at one commit take it from each other", () => {
    const waits = [0, 1, 2, 40].map((takenBefore) =>
      decideTurn({ ...theirs, ...atRest, commits: ["c1"], takenBefore }),
    );
    expect(waits).toEqual(
      [PATIENCE, 2 * PATIENCE, 4 * PATIENCE, 3_600_000].map((forMs) => ({ turn: "observe", forMs })),
    );
  });

  it("asks the repository where an inventory that was there is gone, or names a commit that is none of ours", () => {
    const gone = { ...theirs, ...atRest, parent: undefined, wasTakenAway: true, commits: ["c2"] };
    expect(decideTurn(gone)).toEqual({ turn: "stale", forMs: 0 });
    expect(decideTurn({ ...gone, isTip: true })).toEqual({ turn: "take" });
    expect(decideTurn({ ...theirs, ...atRest, commits: ["c2"] })).toEqual({ turn: "stale", forMs: PATIENCE });
  });
});
