import { expect, it, onTestFinished } from "vitest";
import { factsOf } from "../../../engine/apply/live/facts.ts";
import { WorkloadPods } from "../../../engine/apply/live/workload-pods.ts";
import { connectServer } from "../../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../../engine/cluster/types.ts";
import { startSandbox } from "../../../sandbox/index.ts";
import { deployment } from "../world.ts";

const WATCHES_OF_EACH = 2;
const AT_A_TIME = 16;

it("watches the Pods of so many workloads at a time, and of the next when one is ready", async () => {
  const sandbox = await startSandbox({ name: "pods" });
  const api = connectServer(sandbox);
  const open = new Set<object>();
  const counted: KubeApi = {
    ...api,
    watch: (...args) => {
      const watch = api.watch(...args);
      open.add(watch);
      return { ...watch, close: () => [open.delete(watch), watch.close()] };
    },
  };
  const pods = new WorkloadPods({ api: counted, now: Date.now, onChange: () => undefined });
  onTestFinished(async () => {
    pods.close();
    await api.close();
    await sandbox.stop();
  });
  const unready = Array.from({ length: AT_A_TIME + 4 }, (_, n) =>
    factsOf(deployment("a", `web-${n}`), new Date()),
  );

  for (const facts of unready) pods.note(facts.id.name, facts);
  await expect.poll(() => open.size, { timeout: 10_000 }).toBe(AT_A_TIME * WATCHES_OF_EACH);
  for (const facts of unready.slice(0, AT_A_TIME)) pods.note(facts.id.name, undefined);
  await expect.poll(() => open.size, { timeout: 10_000 }).toBe(4 * WATCHES_OF_EACH);
  for (const facts of unready) pods.note(facts.id.name, undefined);
  expect(open.size).toBe(0);
});
