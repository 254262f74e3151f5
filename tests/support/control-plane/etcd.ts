import { request } from "undici";
import { join } from "node:path";
import type { Guard } from "./guard.ts";
import { freePort } from "./ports.ts";
import { type Server, startServer, waitFor } from "./servers.ts";

/** An etcd that can be ended and started again, with what it holds. */
export interface Etcd {
  readonly url: string;
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and resolves when it answers. */
  start(): Promise<void>;
}

/** Starts etcd and waits until it answers. Nothing is synced to disk: it lives as long as a test run. */
export async function startEtcd(
  program: string,
  folder: string,
  guard: Guard,
  signal: AbortSignal,
): Promise<Etcd> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--quota-backend-bytes=4294967296",
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
  const start = async (within: AbortSignal): Promise<Server> => {
    const server = startServer({ name: "etcd", program, args, folder, guard });
    try {
      await waitFor(server, () => isHealthy(url, within), within);
    } catch (error) {
      await server.stop("SIGKILL");
      throw error;
    }
    return server;
  };
  let server = await start(signal);
  return {
    url,
    stop: (how) => server.stop(how),
    start: async () => {
      await server.stop("SIGTERM");
      server = await start(AbortSignal.timeout(120_000));
    },
  };
}

async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/health`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  });
  await body.dump();
  return statusCode === 200;
}
