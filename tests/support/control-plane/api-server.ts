import { Agent, request } from "undici";
import type { Access } from "./kubeconfig.ts";

const TYPES = { POST: "application/json", DELETE: "application/json", PATCH: "application/merge-patch+json" };

/** A client for one API server of the tests: plain requests, no cleverness. */
export interface ApiServer {
  /** The answer's JSON, or its text where it is none; rejects on a status of 400 and above. */
  get(path: string, signal: AbortSignal, accept?: string): Promise<unknown>;
  /** Sends JSON; a PATCH is a merge patch. */
  send(method: keyof typeof TYPES, path: string, body: unknown, signal: AbortSignal): Promise<unknown>;
  /** Resolves at the first event of a watch, or at its end. */
  watchOnce(path: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** An answer of the API server that is no success. */
export class ApiFailure extends Error {
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`${what}: ${status} ${text.slice(0, 300)}`);
    this.status = status;
  }
}

export function apiServer({ server, token, ca }: Omit<Access, "name">): ApiServer {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  const authorization = `Bearer ${token}`;
  async function call(
    method: keyof typeof TYPES | "GET",
    path: string,
    options: { headers: Record<string, string>; body?: string; signal: AbortSignal },
  ): Promise<unknown> {
    const headers = { authorization, accept: "application/json", ...options.headers };
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(10_000)]);
    const body = options.body ?? null;
    const answer = await request(`${server}${path}`, { method, dispatcher, headers, body, signal });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new ApiFailure(`${method} ${path}`, answer.statusCode, text);
    return text.startsWith("{") ? JSON.parse(text) : text;
  }
  return {
    get: (path, signal, accept) =>
      call("GET", path, { headers: accept === undefined ? {} : { accept }, signal }),
    send: (method, path, body, signal) =>
      call(method, path, { headers: { "content-type": TYPES[method] }, body: JSON.stringify(body), signal }),
    watchOnce: async (path, signal) => {
      const answer = await request(`${server}${path}`, { dispatcher, headers: { authorization }, signal });
      for await (const _chunk of answer.body) break;
    },
    close: () => dispatcher.destroy(),
  };
}
