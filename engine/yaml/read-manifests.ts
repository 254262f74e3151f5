import { EngineError, type Problem } from "../model/errors.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/kube-object.ts";
import type { Position } from "./line-index.ts";
import { type Document, readStream, type StreamOptions } from "./read-stream.ts";

/** One object of a manifest file, and where it is written. */
export interface Manifest extends Position {
  readonly object: KubeObject;
  readonly file: string;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

type Path = readonly (string | number)[];

interface Reading {
  readonly document: Document;
  readonly file: string;
  readonly manifests: Manifest[];
  readonly problems: Problem[];
}

/**
 * Reads the objects of a manifest file. Lists are taken apart. What the API server would refuse of every kind alike
 * comes back as problems with file, line and column; so does a file that is no YAML.
 */
export function readManifests(data: string | Uint8Array, options: StreamOptions): Manifests {
  const { file } = options;
  const manifests: Manifest[] = [];
  const problems: Problem[] = [];
  try {
    for (const document of readStream(data, options)) {
      readValue({ document, file, manifests, problems }, document.value, []);
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    problems.push(error.toProblem());
  }
  return { manifests, problems };
}

function readValue(reading: Reading, value: Json, path: Path): void {
  if (!isJsonObject(value)) {
    report(
      reading,
      path,
      "manifest-invalid",
      "a manifest must be a mapping with apiVersion, kind and metadata",
    );
    return;
  }
  if (typeof value.kind === "string" && value.kind.endsWith("List") && Array.isArray(value.items)) {
    for (const [index, item] of value.items.entries()) readValue(reading, item, [...path, "items", index]);
    return;
  }
  const before = reading.problems.length;
  checkObject(reading, value, path);
  if (reading.problems.length > before) return;
  const { file, document } = reading;
  reading.manifests.push({
    object: withoutServerFields(value) as KubeObject,
    file,
    ...document.position(path),
  });
}

function checkObject(reading: Reading, value: JsonObject, path: Path): void {
  for (const field of ["apiVersion", "kind"]) {
    const text = value[field];
    if (typeof text !== "string" || text === "")
      report(reading, path, "manifest-invalid", `${field} is missing`, [field]);
  }
  const { metadata } = value;
  if (!isJsonObject(metadata)) {
    report(reading, path, "manifest-invalid", "metadata is missing", ["metadata"]);
    return;
  }
  checkName(reading, metadata, path);
  for (const field of ["labels", "annotations"])
    checkStrings(reading, metadata[field] ?? null, [...path, "metadata", field]);
  if (metadata.managedFields != null) {
    const message = "metadata.managedFields must not be in a manifest: the API server keeps it";
    report(reading, path, "manifest-invalid", message, ["metadata", "managedFields"]);
  }
}

function checkName(reading: Reading, metadata: JsonObject, path: Path): void {
  const { name, namespace } = metadata;
  if (metadata.generateName !== undefined && name === undefined) {
    const message = "generateName makes another object at every sync; give it a name";
    report(reading, path, "manifest-invalid", message, ["metadata", "generateName"]);
  } else if (typeof name !== "string" || name === "") {
    report(reading, path, "manifest-invalid", "metadata.name is missing", ["metadata"]);
  } else if (name.length > 253 || /[/%\s]/.test(name) || name === "." || name === "..") {
    report(
      reading,
      path,
      "manifest-invalid",
      `metadata.name "${name.slice(0, 60)}" is no name that Kubernetes takes`,
      ["metadata", "name"],
    );
  }
  if (namespace == null) return;
  if (typeof namespace !== "string" || !/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$/.test(namespace)) {
    report(reading, path, "manifest-invalid", "metadata.namespace is no name that Kubernetes takes", [
      "metadata",
      "namespace",
    ]);
  }
}

function checkStrings(reading: Reading, map: Json, path: Path): void {
  if (map === null) return;
  if (!isJsonObject(map)) {
    report(reading, path, "manifest-invalid", `${path.at(-1) ?? ""} must be a mapping`);
    return;
  }
  for (const [key, value] of Object.entries(map)) {
    if (typeof value === "string") continue;
    const message = `the value of ${path.at(-1) ?? ""} "${key}" must be a string: write it in quotes`;
    report(reading, path, "manifest-invalid", message, [key]);
  }
}

function report(reading: Reading, path: Path, code: string, message: string, more: Path = []): void {
  const { file, document } = reading;
  reading.problems.push({ code, message, file, ...document.position([...path, ...more]), severity: "error" });
}

/** What only the server writes and ignores, or takes back, in an apply. */
function withoutServerFields(object: JsonObject): JsonObject {
  const { status: _status, ...rest } = object;
  const metadata = rest.metadata;
  if (!isJsonObject(metadata)) return rest;
  const { creationTimestamp: _created, generation: _generation, selfLink: _link, ...kept } = metadata;
  return { ...rest, metadata: kept };
}
