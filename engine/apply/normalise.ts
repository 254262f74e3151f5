import { digestOf, sortKeys } from "./sorted-json.ts";
import { isJsonObject, type JsonObject, type KubeObject } from "../model/kube-object.ts";
import { asMap } from "./json-parts.ts";
import { ADOPTED_ANNOTATION, PART_OF_LABEL } from "./marks.ts";

export interface NormaliseOptions {
  /** Id of the cluster's ApplySet. */
  readonly applySet: string;
  /** Scope of the object's kind. */
  readonly namespaced: boolean;
}

/** What only a server writes; an apply that carries it is refused or fights with the server. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/**
 * The body that is applied for a rendered object: with the ApplySet's label, the namespace that its scope asks for
 * (none on a cluster-scoped object, `default` where a namespaced one names none), `stringData` folded into `data`,
 * and without what only a server writes. Keys are sorted: the same render gives the same bytes.
 */
export function normalise(object: KubeObject, options: NormaliseOptions): KubeObject {
  const { status: _status, ...spec } = object;
  return sortKeys({ ...foldStringData(spec), metadata: normaliseMetadata(object, options) }) as KubeObject; // keeps apiVersion and kind
}

/** The same body with the mark of an adopted object. */
export function withAdoptedMark(body: KubeObject): KubeObject {
  const annotations = { ...asMap(body.metadata.annotations), [ADOPTED_ANNOTATION]: "true" };
  return sortKeys({ ...body, metadata: { ...body.metadata, annotations } });
}

/** The replicas that a body names; undefined where it names none. */
export function replicasOf(body: KubeObject): number | undefined {
  const { replicas } = asMap(body.spec);
  return typeof replicas === "number" ? replicas : undefined;
}

/** The same body without its replicas. */
export function withoutReplicas(body: KubeObject): KubeObject {
  return { ...body, spec: withoutKey(asMap(body.spec), "replicas") };
}

/** Digest of a body that is sent. */
export function sentDigest(body: KubeObject): string {
  return digestOf(body);
}

function normaliseMetadata(object: KubeObject, options: NormaliseOptions): JsonObject {
  const kept = Object.entries(object.metadata).filter(([key]) => !SERVER_METADATA.has(key));
  const { namespace, ...metadata } = Object.fromEntries(kept);
  const annotations = withoutKey(asMap(object.metadata.annotations), ADOPTED_ANNOTATION);
  return {
    ...metadata,
    ...(options.namespaced
      ? { namespace: typeof namespace === "string" && namespace !== "" ? namespace : "default" }
      : {}),
    labels: { ...asMap(object.metadata.labels), [PART_OF_LABEL]: options.applySet },
    ...(metadata.annotations === undefined ? {} : { annotations }),
  };
}

/** As the server does on a write: `stringData` wins over `data`. Left as it is where it is not a map of texts: the server says so. */
function foldStringData(object: JsonObject): JsonObject {
  if (object.apiVersion !== "v1" || object.kind !== "Secret" || !isJsonObject(object.stringData))
    return object;
  const { stringData, ...rest } = object;
  const texts = Object.entries(stringData);
  if (!texts.every((entry): entry is [string, string] => typeof entry[1] === "string")) return object;
  const encoded = texts.map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]);
  return { ...rest, data: { ...asMap(object.data), ...Object.fromEntries(encoded) } };
}

function withoutKey(map: JsonObject, key: string): JsonObject {
  const { [key]: _dropped, ...rest } = map;
  return rest;
}
