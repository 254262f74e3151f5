import { describe, expect, onTestFinished, test } from "vitest";
import { createApiClient } from "../../api/client.ts";
import type { EngineEvent } from "../../engine/model/event.ts";
import { cuttableProxy } from "./cuttable-proxy.ts";
import { type Served, serveMemory, TOKEN } from "./serve-memory.ts";

/** The messages of the next events. */
async function take(events: AsyncIterator<EngineEvent>, count: number): Promise<string[]> {
  const messages: string[] = [];
  while (messages.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    messages.push(next.value.message);
  }
  return messages;
}

const deadline = () => AbortSignal.timeout(10_000);

async function throughProxy(served: Served) {
  const proxy = await cuttableProxy(served.server.address);
  const client = createApiClient({ address: proxy.address, token: TOKEN });
  onTestFinished(() => client.close());
  return { client, cut: () => proxy.cut() };
}

/** Waits until a stream is subscribed; the server's metrics are one listener too. */
const subscribed = ({ engine }: Served) => expect.poll(() => engine.events.listeners).toBe(2);
const nobodySubscribed = ({ engine }: Served) => expect.poll(() => engine.events.listeners).toBe(1);

describe("event stream", () => {
  test("resumes after an event that the client had", async () => {
    const { engine, client } = await serveMemory();
    for (const message of ["one", "two", "three"]) engine.events.add({ type: "commit", message });
    const [first] = engine.events.recent();
    expect(await take(client.events({ after: first?.id, signal: deadline() }), 2)).toEqual(["two", "three"]);
    expect(await take(client.events({ after: 0, signal: deadline() }), 3)).toEqual(["one", "two", "three"]);
  });

  test("goes on after a lost connection without a gap or a repeat", async () => {
    const served = await serveMemory();
    const { client, cut } = await throughProxy(served);
    served.engine.events.add({ type: "commit", message: "before" });
    const events = client.events({ after: 0, signal: deadline() });
    expect(await take(events, 1)).toEqual(["before"]);
    cut();
    await nobodySubscribed(served);
    served.engine.events.add({ type: "commit", message: "while away" });
    served.engine.events.add({ type: "commit", message: "after" });
    expect(await take(events, 2)).toEqual(["while away", "after"]);
  });

  test("told only what is new, it misses nothing when the connection is lost before the first event", async () => {
    const served = await serveMemory();
    const { client, cut } = await throughProxy(served);
    served.engine.events.add({ type: "commit", message: "old" });
    const next = take(client.events({ signal: deadline() }), 1);
    await subscribed(served);
    cut();
    await nobodySubscribed(served);
    served.engine.events.add({ type: "commit", message: "new" });
    expect(await next).toEqual(["new"]);
  });

  test("ends with the caller's signal, and the server forgets the listener", async () => {
    const served = await serveMemory();
    const stop = new AbortController();
    const next = served.client.events({ signal: stop.signal }).next();
    await subscribed(served);
    stop.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    await nobodySubscribed(served);
  });

  test("a token that is wrong ends it with the engine's words", async () => {
    const { server } = await serveMemory();
    const client = createApiClient({ address: server.address, token: "wrong" });
    onTestFinished(() => client.close());
    await expect(client.events({ signal: deadline() }).next()).rejects.toMatchObject({
      code: "unauthorized",
    });
  });
});
