import { Agent, type Dispatcher, request } from "undici";
import type { TargetCluster } from "../support/cluster-targets.ts";

const DEADLINE_MS = 20_000;

export interface RawAnswer {
  readonly status: number;
  readonly warning: string;
  /** The JSON of the answer. */
  readonly body: unknown;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly code?: number;
    readonly metadata: {
      readonly name?: string;
      readonly resourceVersion: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly deletionTimestamp?: string;
    };
  };
}

export interface SendOptions {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

/** Plain HTTP to an API server, with nothing of Strata between. */
export interface RawApi {
  /** Any answer, whatever its status. */
  send(method: Dispatcher.HttpMethod, path: string, options?: SendOptions): Promise<RawAnswer>;
  /** The events of a watch until the server ends it, the generator is returned, or a deadline is over. */
  watch(path: string, accept?: string): AsyncGenerator<WatchEvent, void>;
  close(): Promise<void>;
}

export function rawApi({ server, token, ca }: TargetCluster): RawApi {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  const authorization = `Bearer ${token}`;
  return {
    send: async (method, path, { body, type = "application/json", accept = "application/json" } = {}) => {
      const answer = await request(`${server}${path}`, {
        method,
        dispatcher,
        headers: { authorization, accept, ...(body === undefined ? {} : { "content-type": type }) },
        body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const { warning } = answer.headers;
      return { status: answer.statusCode, warning: String(warning ?? ""), body: await answer.body.json() };
    },
    watch: async function* (path, accept = "application/json") {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const headers = { authorization, accept };
      const answer = await request(`${server}${path}`, { dispatcher, headers, signal });
      let text = "";
      for await (const chunk of answer.body.setEncoding("utf8") as AsyncIterable<string>) {
        const lines = `${text}${chunk}`.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) yield JSON.parse(line) as WatchEvent; // the shape that tests look at
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The next events of a watch, as `TYPE name`; bookmarks of the beat are left out. */
export async function next(events: AsyncGenerator<WatchEvent, void>, count: number): Promise<WatchEvent[]> {
  const seen: WatchEvent[] = [];
  while (seen.length < count) {
    const { value, done } = await events.next();
    if (done === true || value === undefined) throw new Error(`the watch ended after ${seen.length} events`);
    const isBeat = value.type === "BOOKMARK" && value.object.metadata.annotations === undefined;
    if (!isBeat) seen.push(value);
  }
  return seen;
}
