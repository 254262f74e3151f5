import { request } from "undici";
import { join } from "node:path";
import type { Guard } from "./guard.ts";
import { freePort } from "./ports.ts";
import { type Server, startServer, waitFor } from "./servers.ts";

export interface Etcd {
  readonly url: string;
  readonly server: Server;
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
  const server = startServer({ name: "etcd", program, args, folder, guard });
  try {
    await waitFor(server, () => isHealthy(url, signal), signal);
  } catch (error) {
    await server.stop("SIGKILL");
    throw error;
  }
  return { url, server };
}

async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/health`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  });
  await body.dump();
  return statusCode === 200;
}
