import { StatusError } from "../api/status-error.ts";
import { type Call, json, sendObject, targetOf } from "./call.ts";
import { list } from "./list.ts";
import { readScale } from "./scale.ts";
import { isWatch, watch } from "./watch.ts";
import { create, patch, remove, removeCollection, replace } from "./write.ts";

type Handler = (call: Call) => void;

const ON_COLLECTION: Readonly<Record<string, Handler>> = {
  GET: list,
  POST: create,
  DELETE: removeCollection,
};
const ON_OBJECT: Readonly<Record<string, Handler>> = {
  GET: get,
  PUT: replace,
  PATCH: patch,
  DELETE: remove,
};

/** Answers one request about objects. Throws {@link StatusError}. */
export function handleResource(call: Call): void {
  const { request, info, query } = call;
  const method = request.method ?? "GET";
  const handle = (info.name === "" ? ON_COLLECTION : ON_OBJECT)[method];
  if (handle === undefined) {
    const message = "the server does not allow this method on the requested resource";
    throw new StatusError(405, "MethodNotAllowed", message);
  }
  if (method === "GET" && isWatch(query)) return watch(call);
  handle(call);
}

function get(call: Call): void {
  const object = call.objects.get(targetOf(call));
  if (call.info.subresource === "scale") return json(call.response, 200, readScale(object));
  sendObject(call, object, 200);
}
