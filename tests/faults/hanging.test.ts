import { describe, expect, onTestFinished, test } from "vitest";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { eventually } from "../sync/events.ts";
import { newFleet } from "../sync/fleet.ts";
import { PROFILE_FILE, profileText } from "../sync/fleet-files.ts";

/** The first of them hangs. */
const CLUSTERS = { sandbox: ["a", "b", "c", "d", "e"], "control-plane": ["a", "b"] } as const;

describe.each(clusterTargets())("on $name", ({ start, name }) => {
  const clusters = CLUSTERS[name];
  const [hanging, ...others] = clusters;
  const target = useClusters(start, clusters.length);

  test("a cluster that takes connections and never answers costs the others nothing", async () => {
    let proxy: FaultProxy | undefined;
    onTestFinished(() => proxy?.close());
    const through = async (short: string, server: string): Promise<string> => {
      if (short !== hanging) return server;
      const { ca } = fleet.target(short);
      proxy ??= await startFaultProxy({ server, ca, secure: false });
      if (isHanging) proxy.setRules({ match: {}, fault: { do: "hang" } });
      return proxy.server;
    };
    let isHanging = true;
    const fleet = await newFleet(target(), { clusters, through });
    await fleet.start();
    // All of them are done before its first request is given up
    expect((await fleet.sync(...others)).map(({ health }) => health)).toEqual(others.map(() => "healthy"));
    expect(fleet.view(hanging)).toMatchObject({ health: "progressing" });
    await eventually(fleet.engine, () => fleet.view(hanging).health === "unreachable" || undefined);
    expect(fleet.view(hanging).message).toContain("no answer within 30 s");

    const update = Object.fromEntries(
      clusters.map((short) => [fleet.file(short), fleet.text(short, "1.1.0")]),
    );
    await fleet.commit({ [PROFILE_FILE]: profileText("1.1.0"), ...fleet.layer("2"), ...update });
    const views = await fleet.sync(...others);
    expect(views.map(({ health, profiles }) => [health, profiles[0]?.version])).toEqual(
      others.map(() => ["healthy", "1.1.0"]),
    );
    expect(fleet.engine.fleet().map(({ health }) => health)).not.toContain("unknown");
    expect(await fleet.running(hanging)).toBeUndefined();

    isHanging = false;
    proxy?.setRules();
    expect(await fleet.sync(hanging)).toMatchObject([{ health: "healthy", message: "", blockedBy: [] }]);
    expect(await fleet.running(hanging)).toBe("2");
  });
});
