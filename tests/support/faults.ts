/** Which requests a fault meets. All that is named must fit. */
export interface Match {
  readonly method?: readonly string[];
  /** Of path and query. */
  readonly path?: RegExp;
  /** Plural name of the kind: requests for its objects and lists of them. */
  readonly kind?: string;
  /** Left out: watches and requests alike. */
  readonly watch?: boolean;
  /** The first and the last of the requests that fit otherwise, counted from 1; left out: all. */
  readonly nth?: readonly [number, number];
}

/** What happens instead of an answer, or to it. */
export type Fault =
  /** The request goes on so many milliseconds later. */
  | { readonly do: "delay"; readonly ms: number }
  /** The connection breaks before the server is asked, or when it has done what was asked. */
  | { readonly do: "drop"; readonly when: "before" | "after" }
  /** The connection breaks in the middle of the body. */
  | { readonly do: "break-body" }
  /** Half of the body, as if that were all of it. */
  | { readonly do: "halve-body" }
  /** Something else answers: 200 with this body. */
  | { readonly do: "answer"; readonly body: string }
  | { readonly do: "status"; readonly code: number; readonly retryAfter?: number }
  /** No byte ever comes back. */
  | { readonly do: "hang" }
  /** The body comes in pieces of so many bytes, each after so many milliseconds. */
  | { readonly do: "trickle"; readonly bytes: number; readonly ms: number }
  /** A watch begins, and no byte of it comes. */
  | { readonly do: "silent" }
  /** A watch ends after so many events; with `expired` by an `ERROR` of 410. */
  | { readonly do: "end-watch"; readonly after: number; readonly expired?: boolean }
  /** Aggregated discovery says that it has only old data of a group, as where its server is gone. */
  | { readonly do: "stale-group"; readonly group: string }
  /** Aggregated discovery does not list a group. */
  | { readonly do: "hide-group"; readonly group: string };

/** The first rule that fits a request has its say. */
export interface Rule {
  readonly match: Match;
  readonly fault: Fault;
}

/** Whether a rule is for a request, `nth` aside. */
export function fits({ match }: Rule, method: string, path: string): boolean {
  if (match.watch !== undefined && match.watch !== isWatch(path)) return false;
  if (match.method !== undefined && !match.method.includes(method)) return false;
  if (match.path !== undefined && !match.path.test(path)) return false;
  return match.kind === undefined || new RegExp(`/${match.kind}(/[^/?]+)?(\\?|$)`).test(path);
}

export function isWatch(path: string): boolean {
  return /[?&]watch=true/.test(path);
}

/** A meta/v1 Status with the reason that API servers give. */
export function statusBody(code: number, retryAfter?: number): string {
  const details = retryAfter === undefined ? {} : { details: { retryAfterSeconds: retryAfter } };
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code };
  return JSON.stringify({ ...status, reason: REASONS[code] ?? "", message: `fault ${code}`, ...details });
}

const REASONS: Readonly<Record<number, string>> = {
  403: "Forbidden",
  409: "Conflict",
  410: "Expired",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};

/** An answer of discovery with a group changed. */
export function changeGroup(body: string, fault: Extract<Fault, { readonly group: string }>): string {
  const answer = JSON.parse(body) as { items?: { metadata?: { name?: string }; versions: object[] }[] }; // as servers send it
  const isMeant = (item: { metadata?: { name?: string } }): boolean => item.metadata?.name === fault.group;
  const items =
    fault.do === "hide-group"
      ? answer.items?.filter((item) => !isMeant(item))
      : answer.items?.map((item) => (isMeant(item) ? { ...item, versions: item.versions.map(stale) } : item));
  return JSON.stringify({ ...answer, items });
}

function stale(version: object): object {
  return { ...version, freshness: "Stale", resources: [] };
}
