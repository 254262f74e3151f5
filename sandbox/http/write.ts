import { randomInt } from "node:crypto";
import { deleteObject } from "../api/delete-object.ts";
import type { PatchType, Written } from "../api/objects.ts";
import { invalid, StatusError } from "../api/status-error.ts";
import { namespaceOf, textAt } from "../store/parts.ts";
import { resourceKey } from "../store/types.ts";
import { type Call, json, sendObject, targetOf } from "./call.ts";
import { selector } from "./list.ts";
import { representList } from "./representation.ts";
import { parseBody, parseObject } from "./request-body.ts";
import { patchScale, writeScale } from "./scale.ts";
import { deleteOptions, invalidOption, writeOptions } from "./write-options.ts";

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};
const APPLY = "application/apply-patch+yaml";

/** POST: a new object. */
export function create(call: Call): void {
  const { definition, objects, body } = call;
  const sent = parseObject(body, targetOf(call));
  const prefix = textAt(sent, "metadata", "generateName");
  const name = sent.metadata.name === "" && prefix !== "" ? `${prefix}${suffix()}` : sent.metadata.name;
  if (name === "") {
    const message = "Required value: name or generateName is required";
    throw invalid(definition, "", [{ field: "metadata.name", message, reason: "FieldValueRequired" }]);
  }
  const named = { ...sent, metadata: { ...sent.metadata, name } };
  sendWritten(call, objects.create(targetOf(call, name), named, writeOptions(call, "CreateOptions")));
}

/** Five characters that spell no word, as the API server makes names. */
function suffix(): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** PUT: an object in place of the one that is there. */
export function replace(call: Call): void {
  const target = targetOf(call);
  if (target.subresource === "scale") return writeScale(call, target, parseBody(call.body));
  const body = parseObject(call.body, target);
  sendWritten(call, call.objects.update(target, body, writeOptions(call, "UpdateOptions")));
}

/** PATCH: of each of the four types. */
export function patch(call: Call): void {
  const { request, query, body, objects } = call;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const target = targetOf(call);
  const options = writeOptions(call, "PatchOptions");
  if (type === APPLY) {
    if ((query.get("fieldManager") ?? "") === "") {
      const message = "Required value: is required for apply patch";
      throw invalidOption("PatchOptions", "fieldManager", "FieldValueRequired", message);
    }
    return sendWritten(call, objects.apply(target, parseObject(body, target), { ...options, strict: false }));
  }
  const known = PATCH_TYPES[type];
  if (known === undefined) throw new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type");
  if (target.subresource === "scale") return patchScale(call, target, known, parseBody(body));
  sendWritten(call, objects.patch(target, known, parseBody(body), options));
}

/** DELETE of one object: answers with it where it stays for a while, with a Status where it is gone. */
export function remove(call: Call): void {
  const { definition, objects, now } = call;
  const target = { ...targetOf(call), subresource: "" };
  const last = deleteObject(objects, target, deleteOptions(call), now());
  if (textAt(last, "metadata", "deletionTimestamp") !== "") return sendObject(call, last, 200);
  const { group, plural: kind } = definition;
  const details = {
    name: target.name,
    ...(group === "" ? {} : { group }),
    kind,
    uid: textAt(last, "metadata", "uid"),
  };
  json(call.response, 200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

/** DELETE of a collection. */
export function removeCollection(call: Call): void {
  const { definition, info, objects, query, now } = call;
  const options = deleteOptions(call);
  const doomed = objects.store.list(resourceKey(definition), info.namespace).filter(selector(query));
  for (const object of doomed) {
    const target = {
      definition,
      namespace: namespaceOf(object),
      name: object.metadata.name,
      subresource: "",
    };
    deleteObject(objects, target, options, now());
  }
  const metadata = { resourceVersion: String(objects.store.revision) };
  json(call.response, 200, representList("object", definition, doomed, metadata, now()));
}

function sendWritten(call: Call, { object, created, warnings }: Written): void {
  const isTold = call.query.get("fieldValidation") !== "Ignore" && warnings.length > 0;
  if (isTold)
    call.response.setHeader(
      "warning",
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    );
  sendObject(call, object, created ? 201 : 200);
}
