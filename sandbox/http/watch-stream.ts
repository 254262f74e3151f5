import type { ServerResponse } from "node:http";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import type { Selects } from "../api/selectors.ts";
import { namespaceOf, withMetadata } from "../store/parts.ts";
import type { Store } from "../store/store.ts";
import { type ResourceDefinition, resourceKey, type StoreEvent } from "../store/types.ts";
import { groupVersion } from "../api/registry.ts";
import { represent, type Shape } from "./representation.ts";
import { expired } from "./resource-version.ts";

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
    const versioned = { ...object, apiVersion: groupVersion(definition) };
    send(type, represent(request.shape, definition, versioned, now()));
  };
  response.writeHead(200, { "content-type": "application/json" });
  const past = request.from === undefined || request.initialEvents ? [] : store.since(request.from);
  if (past === undefined) {
    send("ERROR", expired(`too old resource version: ${request.from ?? 0}`).body());
    response.end();
    return;
  }
  if (request.initialEvents || request.from === undefined) {
    for (const object of store.list(key, request.namespace))
      if (request.selects(object)) sendObject("ADDED", object);
  }
  if (request.initialEvents) send("BOOKMARK", bookmark(request, store.revision, true));
  const onEvent = (event: StoreEvent) => {
    const isKnown = !request.initialEvents && event.revision <= (request.from ?? 0);
    const told = event.resource === key && !isKnown ? tell(event, request) : undefined;
    if (told !== undefined) sendObject(told.type, told.object);
  };
  for (const event of past) onEvent(event);
  const end = store.subscribe(onEvent);
  const beat = setInterval(() => {
    if (request.bookmarks) send("BOOKMARK", bookmark(request, store.revision, false));
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

function bookmark({ definition, shape }: WatchRequest, revision: number, initial: boolean): JsonObject {
  const annotations = initial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  const metadata = { resourceVersion: String(revision), ...annotations };
  return shape === "metadata"
    ? { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata }
    : { kind: definition.kind, apiVersion: groupVersion(definition), metadata };
}
