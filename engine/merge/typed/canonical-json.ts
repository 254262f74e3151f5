import { isJsonObject, type Json } from "../../model/kube-object.ts";

/** A text that is equal exactly when two values are, whatever the order of their fields. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_name, each: Json) =>
    isJsonObject(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
