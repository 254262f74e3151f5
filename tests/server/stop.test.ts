import { expect, test } from "vitest";
import { serveMemory } from "./serve-memory.ts";

const never = new AbortController().signal;

test("a stop ends event streams and lets a request finish that is under way", async () => {
  const { engine, server, client } = await serveMemory();
  engine.add("dev");
  const gate = Promise.withResolvers<void>();
  engine.syncGate = gate.promise;
  const syncing = client.call("sync", { signal: never });
  const following = client.events({ after: 0, signal: never }).next();
  await expect.poll(() => [engine.synced.length, engine.events.listeners]).toEqual([1, 2]);
  const stopped = server.stop();
  // The stream has ended, and the client finds nobody to resume it with.
  await expect(following).rejects.toMatchObject({ code: "engine-unreachable" });
  gate.resolve();
  expect((await syncing).map((view) => view.name)).toEqual(["dev"]);
  await stopped;
  await expect(client.call("health", { signal: never })).rejects.toMatchObject({
    code: "engine-unreachable",
  });
});

test("a request that does not finish is told that the engine stops", async () => {
  const { engine, server, client } = await serveMemory();
  engine.syncGate = new Promise(() => undefined);
  const syncing = client.call("sync", { signal: never });
  await expect.poll(() => engine.synced.length).toBe(1);
  const [answer] = await Promise.allSettled([syncing, server.stop()]);
  expect(answer).toMatchObject({ status: "rejected", reason: { code: "engine-stopping" } });
});
