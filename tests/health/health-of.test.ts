import { expect, test } from "vitest";
import { healthOf } from "../../engine/health/health-of.ts";
import { deployments } from "./deployment-cases.ts";
import { generic, pods, UNSCHEDULABLE } from "./generic-cases.ts";
import { make, NOW, secondsAgo, status } from "./objects.ts";
import { others } from "./other-cases.ts";
import { sets, statefulSets } from "./set-cases.ts";

test.each([...generic, ...pods, ...deployments, ...statefulSets, ...sets, ...others])(
  "%s (%s)",
  (_name, type, rest, health, said = "") => {
    const found = healthOf(make(type, rest), NOW);
    expect(found).toMatchObject({ health, message: expect.stringContaining(said) });
    expect(found.message === "").toBe(health === "healthy");
  },
);

test("a Pod that is not scheduled yet says when to look again", () => {
  const young = {
    metadata: { creationTimestamp: secondsAgo(4) },
    ...status({ phase: "Pending" }, UNSCHEDULABLE),
  };
  expect(healthOf(make("v1/Pod", young), NOW).recheckMs).toBe(11_000);
});
