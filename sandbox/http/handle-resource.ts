import type { IncomingMessage, ServerResponse } from "node:http";
import { load } from "js-yaml";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import { type DeleteOptions, deleteObject } from "../api/delete-object.ts";
import type { Objects, PatchType, Target, WriteOptions, Written } from "../api/objects.ts";
import { parseFieldSelector, parseLabelSelector, type Selects } from "../api/selectors.ts";
import { badRequest, StatusError } from "../api/status-error.ts";
import { mapAt, textAt } from "../store/parts.ts";
import { type ResourceDefinition, resourceKey } from "../store/types.ts";
import { pageOf } from "./pages.ts";
import { represent, representList, shapeOf } from "./representation.ts";
import type { RequestInfo } from "./request-info.ts";
import { readScale, scalePatch } from "./scale.ts";
import { streamWatch } from "./watch-stream.ts";

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  readonly definition: ResourceDefinition;
  readonly objects: Objects;
  readonly body: Buffer;
  readonly now: () => Date;
}

/** Answers one request about objects. Throws {@link StatusError}. */
export function handleResource(call: Call): void {
  const { request, info, query } = call;
  const method = request.method ?? "GET";
  if (info.name === "") {
    if (method === "GET") return isWatch(query) ? watch(call) : list(call);
    if (method === "POST") return send(call, create(call), 201);
    if (method === "DELETE") return deleteCollection(call);
  } else {
    if (method === "GET") return isWatch(query) ? watch(call) : get(call);
    if (method === "PUT") return written(call, put(call));
    if (method === "PATCH") return written(call, patch(call));
    if (method === "DELETE") return remove(call);
  }
  throw new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
  );
}

function targetOf({ info, definition }: Call, name = info.name): Target {
  const namespace = definition.namespaced ? (info.namespace ?? "default") : "";
  return { definition, namespace, name, subresource: info.subresource };
}

function get(call: Call): void {
  const object = call.objects.get(targetOf(call));
  if (call.info.subresource === "scale") return json(call.response, 200, readScale(object));
  send(call, object, 200);
}

function list(call: Call): void {
  const { definition, info, query, objects } = call;
  const selects = selector(query);
  const all = objects.store.list(resourceKey(definition), info.namespace).filter(selects);
  const asked = { limit: Number(query.get("limit") ?? 0), token: query.get("continue") ?? "" };
  const page = pageOf(all, objects.store.revision, asked);
  json(
    call.response,
    200,
    representList(shapeOf(accept(call)), definition, page.objects, page.metadata, call.now()),
  );
}

function watch(call: Call): void {
  const { definition, info, query, objects, response } = call;
  const version = query.get("resourceVersion") ?? "";
  const byName: Selects = (object) => info.name === "" || object.metadata.name === info.name;
  const selects = selector(query);
  streamWatch(
    objects.store,
    {
      definition,
      namespace: info.namespace,
      selects: (object) => byName(object) && selects(object),
      shape: shapeOf(accept(call)),
      from: version === "" || version === "0" ? undefined : Number(version),
      initialEvents: query.get("sendInitialEvents") === "true",
      bookmarks: query.get("allowWatchBookmarks") === "true",
      timeoutSeconds: Number(query.get("timeoutSeconds") ?? 3600),
    },
    response,
    call.now,
  );
}

function create(call: Call): KubeObject {
  const body = readObject(call.body);
  const generated = textAt(body, "metadata", "generateName");
  const name =
    body.metadata.name === undefined && generated !== ""
      ? `${generated}${Math.random().toString(36).slice(2, 7)}`
      : body.metadata.name;
  if (typeof name !== "string" || name === "") throw badRequest("name or generateName is required");
  checkKind(call.definition, body);
  return call.objects.create(
    targetOf(call, name),
    { ...body, metadata: { ...body.metadata, name } },
    writeOptions(call),
  ).object;
}

function put(call: Call): Written {
  const body = readObject(call.body);
  if (call.info.subresource === "scale")
    return call.objects.patch(
      { ...targetOf(call), subresource: "" },
      "merge",
      scalePatch(body),
      writeOptions(call),
    );
  checkKind(call.definition, body);
  return call.objects.update(targetOf(call), body, writeOptions(call));
}

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};

function patch(call: Call): Written {
  const type = (call.request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const options = writeOptions(call);
  if (type === "application/apply-patch+yaml") {
    if (call.query.get("fieldManager") === null)
      throw badRequest(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
    return call.objects.apply(targetOf(call), readObject(call.body), { ...options, strict: false });
  }
  const kind = PATCH_TYPES[type];
  if (kind === undefined)
    throw new StatusError(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format: ${type}`,
    );
  const body = JSON.parse(call.body.toString("utf8")) as Json;
  if (call.info.subresource === "scale")
    return call.objects.patch({ ...targetOf(call), subresource: "" }, "merge", scalePatch(body), options);
  return call.objects.patch(targetOf(call), kind, body, options);
}

function remove(call: Call): void {
  const { definition, objects, now } = call;
  const target = { ...targetOf(call), subresource: "" };
  const last = deleteObject(objects, target, deleteOptions(call), now());
  const ending = textAt(last, "metadata", "deletionTimestamp") !== "";
  if (ending) return send(call, last, 200);
  const details = {
    name: target.name,
    group: definition.group,
    kind: definition.plural,
    uid: textAt(last, "metadata", "uid"),
  };
  json(call.response, 200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

function deleteCollection(call: Call): void {
  const { definition, info, objects, query, now } = call;
  const doomed = objects.store.list(resourceKey(definition), info.namespace).filter(selector(query));
  for (const object of doomed) {
    const namespace = textAt(object, "metadata", "namespace");
    deleteObject(
      objects,
      { definition, namespace, name: object.metadata.name, subresource: "" },
      deleteOptions(call),
      now(),
    );
  }
  json(
    call.response,
    200,
    representList("object", definition, doomed, { resourceVersion: String(objects.store.revision) }, now()),
  );
}

function deleteOptions({ body, query }: Call): DeleteOptions {
  const parsed = body.length === 0 ? {} : (load(body.toString("utf8")) as Json);
  const preconditions = mapAt(parsed, "preconditions");
  const asked = textAt(parsed, "propagationPolicy") || (query.get("propagationPolicy") ?? "");
  return {
    uid: textAt(preconditions, "uid"),
    resourceVersion: textAt(preconditions, "resourceVersion"),
    propagation: asked === "Orphan" || asked === "Foreground" ? asked : "Background",
    dryRun: query.get("dryRun") === "All" || JSON.stringify(mapAt(parsed).dryRun ?? "") === '["All"]',
  };
}

function writeOptions({ query, request }: Call): WriteOptions {
  const agent = (request.headers["user-agent"] ?? "unknown").split("/")[0] ?? "unknown";
  return {
    manager: query.get("fieldManager") ?? agent,
    dryRun: query.get("dryRun") === "All",
    force: query.get("force") === "true",
    strict: query.get("fieldValidation") === "Strict",
  };
}

function checkKind(definition: ResourceDefinition, body: KubeObject): void {
  if (body.kind === definition.kind || body.kind === undefined) return;
  throw badRequest(
    `the kind "${body.kind}" of the object does not match the expected kind "${definition.kind}"`,
  );
}

function readObject(body: Buffer): KubeObject {
  const parsed = load(body.toString("utf8")) as Json;
  if (!isJsonObject(parsed)) throw badRequest("the body is no object");
  const metadata = isJsonObject(parsed.metadata) ? parsed.metadata : {};
  return { ...parsed, metadata } as KubeObject; // what is missing is refused by validation
}

function selector(query: URLSearchParams): Selects {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "");
  return (object) => labels(object) && fields(object);
}

function isWatch(query: URLSearchParams): boolean {
  return query.get("watch") === "true" || query.get("watch") === "1";
}

function accept({ request }: Call): string {
  return request.headers.accept ?? "";
}

function written(call: Call, { object, created }: Written): void {
  if (call.info.subresource === "scale") return json(call.response, 200, readScale(object));
  send(call, object, created ? 201 : 200);
}

function send(call: Call, object: KubeObject, status: number): void {
  json(call.response, status, represent(shapeOf(accept(call)), call.definition, object, call.now()));
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: JsonObject): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
