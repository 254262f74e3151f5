import pLimit from "p-limit";
import { expect } from "vitest";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { EngineError } from "../../engine/model/errors.ts";

export type Cut =
  /** The request is not sent. */
  | "before"
  /** The server does what was asked; the answer is lost. */
  | "after";

export interface CutApi {
  readonly api: KubeApi;
  /** Resolves when the cut happened. */
  readonly happened: Promise<void>;
}

/**
 * An API whose `at`-th write is cut. With `kill` nothing is sent afterwards, as when the process ended; else all goes
 * on as before, as after a fault of the network. Reads have no effect: a cut between two writes is a cut at the second.
 */
export function cutApi(api: KubeApi, { at, cut, kill }: { at: number; cut: Cut; kill: boolean }): CutApi {
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  let writes = 0;
  let dead = false;
  const fault = (): EngineError =>
    new EngineError("cluster-unreachable", "the line was cut", { retryable: true });

  async function read<T>(request: () => Promise<T>): Promise<T> {
    if (dead) throw fault();
    return request();
  }
  async function write<T>(request: () => Promise<T>): Promise<T> {
    if (dead) throw fault();
    writes += 1;
    if (writes !== at) return request();
    dead = kill;
    if (cut === "after") await Promise.allSettled([request()]);
    resolve();
    throw fault();
  }

  const cutting: KubeApi = {
    discovery: api.discovery,
    get requests() {
      return api.requests;
    },
    identity: (signal) => read(() => api.identity(signal)),
    get: (type, ref, signal) => read(() => api.get(type, ref, signal)),
    list: (type, options, signal) => read(() => api.list(type, options, signal)),
    apply: (type, object, options, signal) => write(() => api.apply(type, object, options, signal)),
    create: (type, object, signal) => write(() => api.create(type, object, signal)),
    replace: (type, object, signal) => write(() => api.replace(type, object, signal)),
    jsonPatch: (type, ref, patch, signal) => write(() => api.jsonPatch(type, ref, patch, signal)),
    delete: (type, ref, options, signal) => write(() => api.delete(type, ref, options, signal)),
    watch: (type, selection, handlers) => api.watch(type, selection, handlers),
    close: () => api.close(),
  };
  return { api: cutting, happened };
}

/**
 * Runs `attempt` with a cut at the first write, the second … until one is not reached: it says whether its was. There
 * are more than `least`.
 */
export async function forEveryWrite(least: number, attempt: (at: number) => Promise<boolean>): Promise<void> {
  const limit = pLimit(12);
  let beyond = false;
  let reached = 0;
  const next = async (at: number): Promise<void> => {
    if (beyond) return;
    if (await attempt(at)) reached += 1;
    else beyond = true;
  };
  await Promise.all(Array.from({ length: 60 }, (_, index) => limit(() => next(index + 1))));
  expect(beyond).toBe(true);
  expect(reached).toBeGreaterThan(least);
}
