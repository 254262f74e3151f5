import { hash } from "node:crypto";
import { isJsonObject, type Json } from "../model/kube-object.ts";

/** The same value with the keys of every object in code unit order, so that equal values have equal texts. */
export function sortKeys<T extends Json>(value: T): T;
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sortKeys(item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** Equal exactly for equal JSON values: SHA-256 of the text with sorted keys, cut to 128 bits, as 22 base64url characters. */
export function digestOf(value: Json): string {
  return hash("sha256", sortedText(value), "buffer").subarray(0, 16).toString("base64url");
}

/** JSON text with the keys of every object in code unit order. Written in one walk: a sync digests each object a few times. */
function sortedText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => sortedText(item)).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${sortedText(value[key] ?? null)}`);
  return `{${fields.join(",")}}`;
}
