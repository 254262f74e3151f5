import { isJsonObject, type Json } from "../../model/kube-object.ts";
import { keyElement, type PathElement, valueElement } from "../fields/path-element.ts";
import type { ListSchema } from "../schema/type-schema.ts";

export type ItemIdentity =
  | { readonly element: PathElement }
  /** Why the item has no identity in its list. */
  | { readonly problem: string };

/** How an item of a `set` or `map` list is known in it. A key field that is absent counts with its default. */
export function identifyItem(list: ListSchema, item: Json): ItemIdentity {
  return list.kind === "set" ? identifyInSet(item) : identifyByKeys(list, item);
}

/** The element of an item of a list that was validated. */
export function itemElement(list: ListSchema, item: Json): PathElement {
  const identity = identifyItem(list, item);
  if ("problem" in identity) throw new Error(`list was not validated: ${identity.problem}`);
  return identity.element;
}

function identifyInSet(item: Json): ItemIdentity {
  if (item === null) return { problem: "a set may not have a null element" };
  if (typeof item === "object") return { problem: "a set may have scalar elements only" };
  return { element: valueElement(item) };
}

function identifyByKeys(list: ListSchema, item: Json): ItemIdentity {
  if (item === null) return { problem: "associative list with keys may not have a null element" };
  if (!isJsonObject(item)) return { problem: "associative list with keys may not have non-map elements" };
  const key: Record<string, Json> = {};
  for (const name of list.keys) {
    const value = Object.hasOwn(item, name) ? item[name] : list.item().map?.field(name)?.keyDefault;
    if (value !== undefined) key[name] = value;
  }
  if (Object.keys(key).length === 0) {
    const names = list.keys.map((name) => JSON.stringify(name)).join(" ");
    return {
      problem: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    };
  }
  return { element: keyElement(key) };
}
