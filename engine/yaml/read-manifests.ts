import { EngineError, type Problem } from "../model/errors.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/kube-object.ts";
import { checkManifest, type Finding } from "./check-manifest.ts";
import { cleanObject } from "./clean-object.ts";
import type { Position } from "./line-index.ts";
import { type Document, readEach, type StreamOptions } from "./read-stream.ts";

type Path = readonly (string | number)[];

/** One object of a manifest file, and where it is written. */
interface Manifest extends Position {
  readonly object: KubeObject;
  readonly file: string;
  /** Which document of the file it is in, from 0; documents without content do not count. */
  readonly document: number;
  /** Where a field of the object is written; of the nearest parent where the field is not there. */
  readonly position: (path: Path) => Position;
}

interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

interface Reading {
  readonly file: string;
  readonly manifests: Manifest[];
  readonly problems: Problem[];
}

interface Source {
  readonly document: Document;
  readonly index: number;
}

/**
 * Reads the objects of a manifest file. Lists are taken apart as kubectl does it, and lists in lists too. What the API
 * server would refuse of every kind alike comes back as problems with file, line and column, all of them; so does a
 * document that is no YAML. Fields that only the server writes are left out where they do no harm.
 */
export function readManifests(data: string | Uint8Array, options: StreamOptions): Manifests {
  const reading: Reading = { file: options.file, manifests: [], problems: [] };
  let index = 0;
  for (const document of readEach(data, options)) {
    if (document instanceof EngineError) reading.problems.push(document.toProblem());
    else readValue(reading, { document, index: index++ }, document.value, []);
  }
  return { manifests: reading.manifests, problems: reading.problems };
}

function readValue(reading: Reading, source: Source, value: Json, path: Path): void {
  if (!isJsonObject(value)) {
    report(reading, source, {
      path,
      message: "a manifest must be a mapping with apiVersion, kind and metadata",
    });
  } else if (Object.hasOwn(value, "items")) readList(reading, source, value, path);
  else readObject(reading, source, value, path);
}

/**
 * What has `items` is a list to kubectl, whatever its kind. Items without apiVersion and kind have the list's, a PodList
 * Pods. Source: UnstructuredJSONScheme of k8s.io/apimachinery.
 */
function readList(reading: Reading, source: Source, list: JsonObject, path: Path): void {
  const { apiVersion, kind, items } = list;
  const isList = typeof kind === "string" && kind.endsWith("List");
  if (typeof kind !== "string" || kind === "") report(reading, source, { path, message: "kind is missing" });
  else if (items === null && isList) return;
  else if (!Array.isArray(items)) {
    const message = `${kind} has a field "items" that is no list; kubectl takes each object with "items" for a list`;
    report(reading, source, { path: [...path, "items"], message });
  } else {
    const itemKind = isList ? kind.slice(0, -"List".length) : kind;
    for (const [index, item] of (items as readonly Json[]).entries()) {
      readValue(reading, source, withKind(item, apiVersion, itemKind), [...path, "items", index]);
    }
  }
}

function withKind(item: Json, apiVersion: Json | undefined, kind: string): Json {
  if (!isJsonObject(item) || item.apiVersion != null || item.kind != null) return item;
  return kind === "" || apiVersion === undefined ? item : { ...item, apiVersion, kind };
}

function readObject(reading: Reading, source: Source, object: JsonObject, path: Path): void {
  const findings = checkManifest(object);
  for (const finding of findings) report(reading, source, { ...finding, path: [...path, ...finding.path] });
  if (findings.length > 0) return;
  const { document, index } = source;
  reading.manifests.push({
    // checkManifest has seen apiVersion, kind and metadata.name.
    object: cleanObject(object) as KubeObject,
    file: reading.file,
    document: index,
    ...document.position(path),
    position: (to) => document.position([...path, ...to]),
  });
}

function report({ file, problems }: Reading, { document }: Source, { path, message, hint }: Finding): void {
  const place = { file, ...document.position(path) };
  problems.push({
    code: "manifest-invalid",
    message,
    ...place,
    ...(hint === undefined ? {} : { hint }),
    severity: "error",
  });
}
