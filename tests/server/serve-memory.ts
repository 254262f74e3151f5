import { onTestFinished } from "vitest";
import { type ApiClient, createApiClient } from "../../api/client.ts";
import { type RunningServer, startServer } from "../../server/start-server.ts";
import { MemoryEngine } from "./memory-engine.ts";

export const TOKEN = "a-token-for-tests";

export interface Served {
  readonly engine: MemoryEngine;
  readonly server: RunningServer;
  readonly client: ApiClient;
  /** What the server logged as an error. */
  readonly logged: string[];
}

/** A memory engine behind a real server on a free loopback port; both end with the test. */
export async function serveMemory(): Promise<Served> {
  const engine = new MemoryEngine();
  const logged: string[] = [];
  const log = {
    error: (facts: Readonly<Record<string, unknown>>, text: string) =>
      void logged.push(`${text} ${String(facts.err)}`),
  };
  const server = await startServer({
    engine,
    host: "127.0.0.1",
    port: 0,
    token: TOKEN,
    version: "1.2.3",
    log,
  });
  const client = createApiClient({ address: server.address, token: TOKEN });
  onTestFinished(async () => {
    await client.close();
    await server.stop();
  });
  return { engine, server, client, logged };
}
