import type { Rule } from "../support/faults.ts";

export interface FaultCase {
  readonly fault: string;
  /** @param name of the world */
  readonly rules: (name: string) => readonly Rule[];
  /** A health or a problem's code that shows once a request met the fault; left out: it passes unseen. */
  readonly says?: string;
  /** The watches that are open are cut as it begins: those that are opened again meet it. */
  readonly cuts?: true;
  /** Requests that meet the fault before it ends, unless all is done before; 1 by default. */
  readonly met?: number;
}

const WRITES = ["POST", "PUT", "PATCH", "DELETE"];

/** What goes wrong between an engine and an API server, and what the engine says of it. */
export const cases: readonly FaultCase[] = [
  {
    fault: "every request is slow",
    rules: () => [{ match: {}, fault: { do: "delay", ms: 150 } }],
    met: 20,
  },
  {
    fault: "the connection breaks before each request is asked",
    rules: () => [{ match: {}, fault: { do: "drop", when: "before" } }],
    says: "unreachable",
  },
  {
    fault: "the answers of writes are lost",
    rules: () => [{ match: { method: WRITES }, fault: { do: "drop", when: "after" } }],
    says: "unreachable",
  },
  {
    fault: "the connection breaks in the middle of each answer",
    rules: () => [{ match: {}, fault: { do: "break-body" } }],
    says: "unreachable",
  },
  {
    fault: "half of each answer is all that comes",
    rules: () => [{ match: { watch: false }, fault: { do: "halve-body" } }],
    says: "unreachable",
  },
  {
    fault: "something else answers, with JSON that is no list",
    rules: () => [{ match: { method: ["GET"], watch: false }, fault: { do: "answer", body: "{}" } }],
    says: "unreachable",
  },
  {
    fault: "something else answers, with a page",
    rules: () => [{ match: {}, fault: { do: "answer", body: "<html>Sign in</html>" } }],
    says: "unreachable",
  },
  {
    fault: "one kind is forbidden",
    rules: () => [
      {
        match: { kind: "configmaps", path: /t-[0-9a-f]{8}\/configmaps/ },
        fault: { do: "status", code: 403 },
      },
    ],
    says: "api-403",
  },
  {
    fault: "listing and watching one kind is forbidden",
    rules: () => [{ match: { method: ["GET"], kind: "deployments" }, fault: { do: "status", code: 403 } }],
  },
  {
    fault: "writes conflict",
    rules: () => [{ match: { method: WRITES }, fault: { do: "status", code: 409 } }],
    met: 4,
  },
  {
    fault: "too many requests, with a time to wait",
    rules: () => [{ match: {}, fault: { do: "status", code: 429, retryAfter: 1 } }],
    met: 3,
  },
  {
    fault: "too many writes, without a time to wait",
    rules: () => [{ match: { method: WRITES }, fault: { do: "status", code: 429 } }],
    met: 3,
  },
  {
    fault: "the server is not available",
    rules: () => [{ match: {}, fault: { do: "status", code: 503 } }],
    met: 5,
  },
  {
    fault: "nothing is ever answered",
    cuts: true,
    rules: () => [{ match: {}, fault: { do: "hang" } }],
    says: "unreachable",
  },
  {
    fault: "no watch is ever answered",
    cuts: true,
    rules: () => [{ match: { watch: true }, fault: { do: "hang" } }],
    says: "unreachable",
  },
  {
    fault: "watches begin, and nothing comes",
    cuts: true,
    // One that goes on from a bookmark may be silent for minutes: all begin anew
    rules: () => [
      { match: { watch: true, path: /part-of.*&resourceVersion=/ }, fault: { do: "status", code: 410 } },
      { match: { watch: true, path: /part-of/ }, fault: { do: "silent" } },
    ],
    says: "unreachable",
  },
  {
    fault: "watches of the inventory and of Pods begin, and nothing comes",
    cuts: true,
    rules: () => [{ match: { watch: true, path: /^(?!.*part-of)/ }, fault: { do: "silent" } }],
  },
  {
    fault: "answers trickle in",
    rules: () => [{ match: { method: ["GET"] }, fault: { do: "trickle", bytes: 5, ms: 100 } }],
    says: "unreachable",
  },
  {
    fault: "watches end again and again",
    cuts: true,
    rules: () => [{ match: { watch: true }, fault: { do: "end-watch", after: 1 } }],
    met: 10,
  },
  {
    fault: "watches expire again and again",
    cuts: true,
    rules: () => [{ match: { watch: true }, fault: { do: "end-watch", after: 2, expired: true } }],
    met: 10,
  },
  {
    fault: "discovery has old data of one group",
    rules: () => [{ match: { path: /^[^?]*\/apis(\?|$)/ }, fault: { do: "stale-group", group: "apps" } }],
  },
  {
    fault: "discovery lacks one group",
    rules: () => [{ match: { path: /^[^?]*\/apis(\?|$)/ }, fault: { do: "hide-group", group: "apps" } }],
  },
  {
    fault: "discovery lacks the group of a definition",
    rules: (name) => [
      { match: { path: /^[^?]*\/apis(\?|$)/ }, fault: { do: "hide-group", group: `${name}.example.com` } },
    ],
  },
  {
    fault: "discovery fails",
    rules: () => [{ match: { path: /^[^?]*\/apis?(\?|$)/ }, fault: { do: "status", code: 503 } }],
  },
  // What all writes meet ends before a prune begins
  ...[403, 409, 503].map((code) => ({
    fault: `deletes are answered with ${code}`,
    rules: (): readonly Rule[] => [{ match: { method: ["DELETE"] }, fault: { do: "status", code } }],
    says: `api-${code}`,
  })),
  {
    fault: "too many deletes, with a time to wait",
    rules: () => [{ match: { method: ["DELETE"] }, fault: { do: "status", code: 429, retryAfter: 1 } }],
    says: "api-429",
  },
];
