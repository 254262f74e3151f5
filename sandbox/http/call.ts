import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import type { Objects, Target } from "../api/objects.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { represent, type Shape, shapeOf } from "./representation.ts";
import type { RequestInfo } from "./request-info.ts";

/** One request about objects of one kind. */
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

export function targetOf({ info, definition }: Call, name = info.name): Target {
  const namespace = definition.namespaced ? (info.namespace ?? "default") : "";
  return { definition, namespace, name, subresource: info.subresource };
}

/** The shape that the client asks for. */
export function askedShape({ request, query }: Call): Shape {
  return shapeOf(request.headers.accept ?? "", query.get("includeObject") ?? "");
}

/** Answers with one object in the shape that was asked for. */
export function sendObject(call: Call, object: KubeObject, status: number): void {
  json(call.response, status, represent(askedShape(call), call.definition, object, call.now()));
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
