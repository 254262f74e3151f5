import { Agent, request } from "undici";

/** A client for one API server of the tests: plain requests, no cleverness. */
export interface ApiServer {
  readonly url: string;
  readonly token: string;
  request(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<unknown>;
  /** Resolves at the first event of a watch, or at its end. */
  watchOnce(path: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export function apiServer(url: string, token: string, ca: string): ApiServer {
  const dispatcher = new Agent({ connect: { ca } });
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  return {
    url,
    token,
    request: async (method, path, body, signal) => {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const answer = await request(`${url}${path}`, {
        method,
        dispatcher,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": type }) },
        body: body === undefined ? null : JSON.stringify(body),
        signal:
          signal === undefined
            ? AbortSignal.timeout(10_000)
            : AbortSignal.any([signal, AbortSignal.timeout(40_000)]),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400)
        throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
      return text.startsWith("{") ? (JSON.parse(text) as unknown) : text;
    },
    watchOnce: async (path, signal) => {
      const answer = await request(`${url}${path}`, { dispatcher, headers, signal, bodyTimeout: 0 });
      for await (const _chunk of answer.body) break;
    },
    close: () => dispatcher.close(),
  };
}
