import { expect, test } from "vitest";
import type { Refused } from "../../engine/apply/apply-object.ts";
import { Attempts } from "../../engine/apply/attempts.ts";

const refused: Refused = { state: "not-yet", problem: { code: "api-429", message: "too many" } };

test("a server that asks for time gets it, whatever happens in the cluster", () => {
  const attempts = new Attempts();
  attempts.refuse("a", { ...refused, retryAfterMs: 20_000 }, 1_000);
  attempts.hurry(1_500);
  expect(attempts.nextDue).toBe(21_000);
  expect(attempts.isDue("a", 20_999)).toBe(false);
  attempts.refuse("b", refused, 1_000);
  attempts.hurry(1_500);
  expect(attempts.nextDue).toBeLessThanOrEqual(1_500);
});
