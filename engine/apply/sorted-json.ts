import { hash } from "node:crypto";
import { canonicalJson } from "../model/canonical-json.ts";
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
  return hash("sha256", canonicalJson(value), "buffer").subarray(0, 16).toString("base64url");
}
