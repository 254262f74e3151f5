import { expect, test } from "vitest";
import type { EngineEvent } from "../../engine/model/event.ts";
import { eventually } from "./events.ts";
import { type Fleet, runningFleet } from "./fleet.ts";
import type { NewFleet } from "./targets.ts";

/** What others change in a cluster: put back, and told as events. */
export function driftSuite(newFleet: NewFleet): void {
  async function patch(fleet: Fleet, value: string): Promise<void> {
    const body = JSON.stringify({ data: { value } });
    const args = ["-n", "default", "patch", "configmap", fleet.id, "--type=merge", "-p", body];
    expect((await fleet.target("one").kubectl(args)).code).toBe(0);
  }

  function events(fleet: Fleet, type: EngineEvent["type"]): readonly EngineEvent[] {
    return fleet.engine.events.recent().filter((event) => event.type === type);
  }

  function told(fleet: Fleet, type: EngineEvent["type"], count: number): Promise<readonly EngineEvent[]> {
    return eventually(fleet.engine, () => {
      const seen = events(fleet, type);
      return seen.length >= count ? seen : undefined;
    });
  }

  test("a change is put back without a look at the repository, and told with object, field and manager", async () => {
    const fleet = await runningFleet(newFleet, "one");
    await patch(fleet, "theirs");
    const object = `ConfigMap default/${fleet.id}`;
    expect(await told(fleet, "drift", 1)).toMatchObject([
      {
        type: "drift",
        cluster: fleet.name("one"),
        profile: "app",
        layer: "base",
        state: "put-back",
        object,
        fields: [".data.value"],
        managers: ["kubectl-patch"],
        message: `${object}: .data.value was changed by kubectl-patch, and is put back`,
      },
    ]);
    expect(await fleet.running("one")).toBe("1");
    expect(fleet.view("one")).toMatchObject({ health: "healthy", message: "" });
  });

  test("two who fight are an event and stand in the cluster's message", async () => {
    const fleet = await runningFleet(newFleet, "one");
    for (const round of [1, 2, 3]) {
      await patch(fleet, `theirs ${round}`);
      await told(fleet, "drift", round);
    }
    const [contested] = await told(fleet, "contested", 1);
    expect(contested).toMatchObject({ fields: [".data.value"], managers: ["kubectl-patch"] });
    expect(contested).not.toHaveProperty("state");
    await eventually(fleet.engine, () => (fleet.view("one").message === "" ? undefined : true));
    expect(fleet.view("one")).toMatchObject({
      health: "healthy",
      message: expect.stringContaining(".data.value was changed by kubectl-patch"),
    });
    expect(await fleet.running("one")).toBe("1");
  });
}
