import type { ServerResponse } from "node:http";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import type { Selects } from "../api/selectors.ts";
import { namespaceOf, withMetadata } from "../store/parts.ts";
import type { Store } from "../store/store.ts";
import { type ResourceDefinition, resourceKey, type StoreEvent } from "../store/types.ts";
import { represent, type Shape } from "./representation.ts";

export interface WatchRequest {
  readonly definition: ResourceDefinition;
  readonly namespace: string | undefined;
  readonly selects: Selects;
  readonly shape: Shape;
  /** Where to begin; undefined: with what is there now. */
  readonly from: number | undefined;
  /** Send what is there as ADDED first, and a bookmark behind it. */
  readonly initialEvents: boolean;
  readonly bookmarks: boolean;
  readonly timeoutSeconds: number;
}

const BOOKMARK_MS = 60_000;

/** Streams the events of a kind as lines of JSON until the client goes or the time is up. */
export function streamWatch(
  store: Store,
  request: WatchRequest,
  response: ServerResponse,
  now: () => Date,
): void {
  const { definition } = request;
  const key = resourceKey(definition);
  const send = (type: string, object: JsonObject) =>
    void response.write(`${JSON.stringify({ type, object })}\n`);
  const sendObject = (type: string, object: KubeObject) => {
    const apiVersion =
      definition.group === "" ? definition.version : `${definition.group}/${definition.version}`;
    send(type, represent(request.shape, definition, { ...object, apiVersion }, now()));
  };
  response.writeHead(200, { "content-type": "application/json" });
  const past = request.from === undefined || request.initialEvents ? [] : store.since(request.from);
  if (past === undefined) {
    send("ERROR", expired(request.from ?? 0));
    response.end();
    return;
  }
  if (request.initialEvents || request.from === undefined) {
    for (const object of store.list(key, request.namespace))
      if (request.selects(object)) sendObject("ADDED", object);
  }
  if (request.initialEvents) send("BOOKMARK", bookmark(definition, store.revision, true));
  const onEvent = (event: StoreEvent) => {
    const told = event.resource === key ? tell(event, request) : undefined;
    if (told !== undefined) sendObject(told.type, told.object);
  };
  for (const event of past) onEvent(event);
  const end = store.subscribe(onEvent);
  const beat = setInterval(() => {
    if (request.bookmarks) send("BOOKMARK", bookmark(definition, store.revision, false));
  }, BOOKMARK_MS);
  const limit = setTimeout(() => response.end(), request.timeoutSeconds * 1000);
  response.on("close", () => {
    end();
    clearInterval(beat);
    clearTimeout(limit);
  });
  response.flushHeaders();
}

/** What a change means for one watch: objects that leave its selection are DELETED, with the labels that they had. */
function tell(
  { before, after, revision }: StoreEvent,
  request: WatchRequest,
): { type: string; object: KubeObject } | undefined {
  const matches = (object: KubeObject | undefined) =>
    object !== undefined &&
    (request.namespace === undefined || namespaceOf(object) === request.namespace) &&
    request.selects(object);
  const [was, is] = [matches(before), matches(after)];
  if (is && after !== undefined) return { type: was ? "MODIFIED" : "ADDED", object: after };
  if (!was || before === undefined) return undefined;
  return { type: "DELETED", object: withMetadata(before, { resourceVersion: String(revision) }) };
}

function bookmark(definition: ResourceDefinition, revision: number, initial: boolean): JsonObject {
  const apiVersion =
    definition.group === "" ? definition.version : `${definition.group}/${definition.version}`;
  const annotations = initial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  return {
    kind: definition.kind,
    apiVersion,
    metadata: { resourceVersion: String(revision), creationTimestamp: null, ...annotations },
  };
}

function expired(from: number): JsonObject {
  const message = `too old resource version: ${from}`;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: "Expired",
    code: 410,
  };
}
