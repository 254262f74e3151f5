import { load } from "js-yaml";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import type { Target } from "../api/objects.ts";
import { groupVersion } from "../api/registry.ts";
import { badRequest } from "../api/status-error.ts";
import { mapAt, textAt } from "../store/parts.ts";

/** A body of JSON, or of YAML as server-side apply also takes it. Throws a 400. */
export function parseBody(body: Buffer): Json {
  const text = body.toString("utf8");
  try {
    return JSON.parse(text) as Json;
  } catch (notJson) {
    try {
      return load(text) as Json;
    } catch (notYaml) {
      const why = text.trimStart().startsWith("{") ? notJson : notYaml;
      throw badRequest(`the object provided is unrecognized: ${why instanceof Error ? why.message : ""}`);
    }
  }
}

/** The object in a body, which must be the one that the path names. Throws a 400. */
export function parseObject(body: Buffer, target: Target): KubeObject {
  const parsed = parseBody(body);
  if (!isJsonObject(parsed)) throw badRequest("the object provided is unrecognized: it is no JSON object");
  const { definition, namespace, name } = target;
  const { apiVersion = groupVersion(definition), kind = definition.kind } = parsed;
  if (kind !== definition.kind || apiVersion !== groupVersion(definition)) {
    throw badRequest(
      `${JSON.stringify({ apiVersion, kind })} is not the kind that the URL names: ${groupVersion(definition)}, Kind=${definition.kind}`,
    );
  }
  const metadata = mapAt(parsed, "metadata");
  const ownName = textAt(metadata, "name");
  if (ownName !== "" && name !== "" && ownName !== name)
    throw badRequest(`the name of the object (${ownName}) does not match the name on the URL (${name})`);
  const ownNamespace = textAt(metadata, "namespace");
  if (definition.namespaced && ownNamespace !== "" && ownNamespace !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  return complete(parsed, target, ownName);
}

function complete(parsed: JsonObject, { definition, name }: Target, ownName: string): KubeObject {
  const metadata = { ...mapAt(parsed, "metadata"), name: ownName || name };
  return { ...parsed, apiVersion: groupVersion(definition), kind: definition.kind, metadata };
}
