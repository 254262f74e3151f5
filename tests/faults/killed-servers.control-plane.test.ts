import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { ControlPlaneCluster } from "../support/control-plane/cluster.ts";
import { ensureBinaries } from "../support/control-plane/binaries.ts";
import { type ControlPlane, startControlPlane } from "../support/control-plane/start.ts";
import { FaultyWorld } from "./faulty-world.ts";
import { openLine, QUICK } from "./targets.ts";

const signal = AbortSignal.timeout(600_000);
const quiet = { environment: process.env, say: () => undefined, signal };
const SOON = { timeout: 60_000, interval: 20 };

describe("servers that are killed", () => {
  let plane: ControlPlane;
  let cluster: ControlPlaneCluster;
  beforeAll(async () => {
    plane = await startControlPlane({ ...quiet, clusters: 1, binaries: await ensureBinaries(quiet) });
    const [first] = plane.clusters;
    if (first === undefined) throw new Error("there is no cluster");
    cluster = first;
  }, 600_000);
  afterAll(() => plane.stop());

  test("kube-apiserver and etcd, in the midst of an apply and a prune", { timeout: 600_000 }, async () => {
    const { server, token, ca = "" } = cluster;
    const open = () => openLine(cluster, QUICK, true);
    const world = new FaultyWorld(connectServer({ server, token, ca }), await open(), open, expect);
    const { before, after, leaving, coming } = world.update;
    /** Waits for so many requests of a method from now on. */
    const requested = async (method: string, count: number): Promise<void> => {
      const sent = (): number => world.proxy.seen.filter((seen) => seen.method === method).length;
      const already = sent();
      await expect.poll(sent, SOON).toBeGreaterThanOrEqual(already + count);
    };
    try {
      const applying = requested("PATCH", 3);
      world.push(before);
      await applying;
      await cluster.stopApiServer("SIGKILL");
      await expect.poll(() => world.said(), SOON).toContain("unreachable");
      await cluster.startApiServer();
      await world.expectHealed();

      await world.addForeign();
      const pruning = requested("DELETE", 1);
      world.push(after);
      await pruning;
      await plane.etcd.stop("SIGKILL");
      await plane.etcd.start();
      await world.expectHealed();
      world.expectDeletedOnly(leaving);

      const again = requested("PATCH", 1);
      world.push(before);
      await again;
      await plane.etcd.stop("SIGKILL");
      await cluster.stopApiServer("SIGKILL");
      await expect.poll(() => world.said(), SOON).toContain("unreachable");
      await plane.etcd.start();
      await cluster.startApiServer();
      await world.expectHealed();
      world.expectDeletedOnly([...leaving, ...coming]);
    } finally {
      await world.close();
    }
  });
});
