import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";

/** Reading of untyped objects without a cast at every step: what is missing or of another shape is the empty value. */
export function mapAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  let found: Json | undefined = value;
  for (const part of path) found = isJsonObject(found) ? found[part] : undefined;
  return isJsonObject(found) ? found : {};
}

export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const last = path.at(-1);
  const found = last === undefined ? value : mapAt(value, ...path.slice(0, -1))[last];
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

export function mapsAt(value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] {
  return listAt(value, ...path).filter((item) => isJsonObject(item));
}

export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const last = path.at(-1) ?? "";
  const found = mapAt(value, ...path.slice(0, -1))[last];
  return typeof found === "string" ? found : "";
}

export function numberAt(value: Json | undefined, path: readonly string[], otherwise: number): number {
  const found = mapAt(value, ...path.slice(0, -1))[path.at(-1) ?? ""];
  return typeof found === "number" ? found : otherwise;
}

/** The object with other metadata fields; undefined removes a field. */
export function withMetadata(
  object: KubeObject,
  fields: Readonly<Record<string, Json | undefined>>,
): KubeObject {
  const metadata = Object.fromEntries(
    Object.entries({ ...object.metadata, ...fields }).filter(([, value]) => value !== undefined),
  ) as KubeObject["metadata"]; // `name` is never removed
  return { ...object, metadata };
}

export function namespaceOf(object: KubeObject): string {
  return textAt(object, "metadata", "namespace");
}

export function uidOf(object: KubeObject): string {
  return textAt(object, "metadata", "uid");
}
