import { isJsonObject, type JsonObject, type KubeObject } from "../model/kube-object.ts";
import { answerJson, notOfTheServer } from "./answer-json.ts";
import { ApiError } from "./api-error.ts";
import { call, type Subject } from "./requests.ts";
import { collectionPath, query, selectors } from "./resource-path.ts";
import type { ListOptions, ListResult, ResourceType } from "./types.ts";
import type { Transport } from "./transport.ts";

const PAGE = "500";
const METADATA_ONLY =
  "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.9";

/** All pages of a list. Where it expires between two pages (410) it is started anew once. */
export async function listAll(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
  signal: AbortSignal,
): Promise<ListResult> {
  try {
    return await readPages(transport, type, options, signal);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 410)) throw error;
    return readPages(transport, type, options, signal);
  }
}

async function readPages(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
  signal: AbortSignal,
): Promise<ListResult> {
  const items: KubeObject[] = [];
  const headers = options.metadataOnly === true ? { accept: METADATA_ONLY } : {};
  let next: string | undefined;
  for (;;) {
    const parameters = { ...selectors(options), limit: PAGE, continue: next };
    const path = `${collectionPath(type, options.namespace)}${query(parameters)}`;
    const subject = subjectOf(type, options);
    const answer = await call(transport, { method: "GET", path, headers }, subject, signal);
    const page = readPage(answer.body, type, options.metadataOnly === true, subject.object);
    items.push(...page.items);
    next = page.next;
    if (next === undefined) return { items, resourceVersion: page.resourceVersion };
  }
}

/** What a list or a watch is about: `deployments.apps in hello`. */
export function subjectOf(type: ResourceType, options: ListOptions): Subject {
  const name = type.group === "" ? type.plural : `${type.plural}.${type.group}`;
  const where = type.namespaced && options.namespace !== undefined ? ` in ${options.namespace}` : "";
  return { object: `${name}${where}`, secret: isSecret(type) };
}

/** Whether objects of a kind hold what nobody may read in a message. */
export function isSecret(type: Pick<ResourceType, "group" | "kind">): boolean {
  return type.group === "" && type.kind === "Secret";
}

interface Page extends ListResult {
  readonly next: string | undefined;
}

/** @throws EngineError `cluster-unreachable` for what is no list: it is not an empty one */
function readPage(body: string, type: ResourceType, metadataOnly: boolean, what: string): Page {
  const list = answerJson(body, what);
  const { metadata: meta, items: listed } = list;
  // An empty list of nothing but metadata says null
  if (!isJsonObject(meta) || !(Array.isArray(listed) || listed === null)) throw notOfTheServer(what);
  const items = (listed ?? []).filter(isJsonObject);
  return {
    items: items.map((item) => named(item, type, metadataOnly)),
    resourceVersion: typeof meta.resourceVersion === "string" ? meta.resourceVersion : "",
    next: typeof meta.continue === "string" && meta.continue !== "" ? meta.continue : undefined,
  };
}

/** Items of built-in kinds come without apiVersion and kind, metadata with those of `PartialObjectMetadata`. */
function named(item: JsonObject, type: ResourceType, metadataOnly: boolean): KubeObject {
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  const rest = metadataOnly ? { metadata: item.metadata } : item;
  return { ...rest, apiVersion, kind: type.kind } as KubeObject; // every item of a list has metadata with a name
}
