import { call } from "./requests.ts";
import { answerJson, notOfTheServer } from "./answer-json.ts";
import {
  type PlainGroup,
  readAggregated,
  readPlainGroups,
  readPlainResources,
  type ServedGroup,
} from "./discovery-answer.ts";
import { EngineError } from "../model/errors.ts";
import type { Transport } from "./transport.ts";

const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat("application/json")
  .join(",");

/** What one of the two roots of discovery says. */
export interface RootAnswer {
  readonly groups: readonly ServedGroup[];
  /** Why nothing is known of the groups below it. */
  readonly doubt?: string;
  readonly etag?: string;
}

/**
 * Reads `/api` or `/apis`: aggregated where the server can (Kubernetes 1.26), else group by group.
 * @param before the last answer, whose ETag makes an unchanged one cheap
 */
export async function readRoot(
  transport: Transport,
  root: "/api" | "/apis",
  before: RootAnswer | undefined,
  signal: AbortSignal,
): Promise<RootAnswer> {
  const headers = {
    accept: AGGREGATED,
    ...(before?.etag === undefined ? {} : { "if-none-match": before.etag }),
  };
  try {
    const answer = await transport.send({ method: "GET", path: root, headers }, signal);
    if (answer.status === 304 && before !== undefined) return before;
    if (answer.status !== 200)
      return { groups: [], doubt: `discovery of ${root} was answered ${answer.status}` };
    const body = answerJson(answer.body, `discovery of ${root}`);
    const { etag } = answer.headers;
    const groups = readAggregated(body);
    if (groups === undefined) {
      const named = readPlainGroups(body);
      if (named === undefined) throw notOfTheServer(`discovery of ${root}`);
      return { groups: await readPlain(transport, root, named, signal) };
    }
    return { groups, ...(typeof etag === "string" ? { etag } : {}) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { groups: [], doubt: `discovery of ${root} failed: ${reason(error)}` };
  }
}

function readPlain(
  transport: Transport,
  root: string,
  named: readonly PlainGroup[],
  signal: AbortSignal,
): Promise<ServedGroup[]> {
  return Promise.all(
    named.map(async ({ group, versions }) => ({
      group,
      versions: await Promise.all(
        versions.map(async (version) => {
          const path = group === "" ? `${root}/${version}` : `${root}/${group}/${version}`;
          return readPlainVersion(transport, { path, group, version }, signal);
        }),
      ),
    })),
  );
}

async function readPlainVersion(
  transport: Transport,
  { path, group, version }: { path: string; group: string; version: string },
  signal: AbortSignal,
): Promise<ServedGroup["versions"][number]> {
  try {
    const subject = { object: `discovery of ${path}`, secret: false };
    const answer = await call(transport, { method: "GET", path }, subject, signal);
    const types = readPlainResources(group, version, answerJson(answer.body, subject.object));
    if (types === undefined) throw notOfTheServer(subject.object);
    return { version, types };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { version, types: [], doubt: `discovery of ${path} failed: ${reason(error)}` };
  }
}

function reason(error: unknown): string {
  return error instanceof EngineError ? error.message : String(error);
}
