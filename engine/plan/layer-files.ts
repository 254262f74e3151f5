import { applyOverride, type SchemaOf } from "../merge/index.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  objectIdOf,
  objectKey,
} from "../model/kube-object.ts";
import { editDocuments, joinFiles, readStream, type TextFile } from "../yaml/index.ts";

/**
 * The files of a layer with an override over them. Comments, order and formatting stay; objects that the override adds
 * come at the end of the last file. Throws what reading the files and applying the override throw.
 */
export function overrideFiles(
  files: readonly TextFile[],
  override: readonly KubeObject[],
  schemaOf: SchemaOf,
): readonly TextFile[] {
  if (override.length === 0) return files;
  const left = new Map(override.map((document) => [objectKey(objectIdOf(document)), document]));
  const edited = files.map(({ path, text }) => {
    const wanted = readStream(text, { file: path }).map(({ value }) => overrideValue(value, left, schemaOf));
    return { path, text: editDocuments(text, wanted, { file: path }) };
  });
  const added = applyOverride([], [...left.values()], schemaOf).objects;
  const last = edited.at(-1);
  if (last === undefined || added.length === 0) return edited;
  const kept = readStream(last.text, { file: last.path }).map(({ value }) => value);
  return [...edited.slice(0, -1), { ...last, text: editDocuments(last.text, [...kept, ...added]) }];
}

/** The text of a layer for people: its only file as it is, or all of them with a comment before each. */
export function layerText(files: readonly TextFile[]): string {
  const [first] = files;
  return first !== undefined && files.length === 1 ? first.text : joinFiles(files);
}

/** One document with what overrides it, which is taken out of `left`; undefined where the override removes it. */
function overrideValue(value: Json, left: Map<string, KubeObject>, schemaOf: SchemaOf): Json | undefined {
  if (!isJsonObject(value)) return value;
  const { items } = value;
  if (Array.isArray(items)) {
    const kept = (items as readonly Json[]).map((item) => overrideValue(item, left, schemaOf));
    return { ...value, items: kept.filter((item) => item !== undefined) };
  }
  if (!isObject(value)) return value;
  const key = objectKey(objectIdOf(value));
  const document = left.get(key);
  if (document === undefined) return value;
  left.delete(key);
  return applyOverride([value], [document], schemaOf).objects[0];
}

function isObject(value: JsonObject): value is KubeObject {
  const { apiVersion, kind, metadata } = value;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    isJsonObject(metadata) &&
    typeof metadata.name === "string"
  );
}
