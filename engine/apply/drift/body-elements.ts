import {
  type FieldSet,
  fieldElement,
  keyElement,
  type PathElement,
  valueElement,
} from "../../merge/index.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/kube-object.ts";

/** A part of a value, under the element by which managedFields know it. */
export interface Part {
  readonly element: PathElement;
  readonly value: Json;
}

/**
 * The parts of a value that we send: the fields of a map, the items of a set or keyed list. What kind a list is, and
 * which keys it has, is read from the elements that managers own in it, so that no schema is needed; a list in which
 * nobody owns an item is one value and has no parts. An item that leaves out a key (the server fills in its default)
 * is the owned one that agrees with it in all others.
 * @param owned what any manager owns below the value
 */
export function partsOf(value: Json, owned: FieldSet): readonly Part[] {
  if (isJsonObject(value)) {
    return Object.entries(value).map(([name, child]) => ({ element: fieldElement(name), value: child }));
  }
  if (!Array.isArray(value)) return [];
  const list: readonly Json[] = value; // Array.isArray does not narrow readonly arrays
  const elements = [...new Set([...owned.members, ...owned.children.keys()])];
  const keyed = elements.filter(isItem);
  if (keyed.length > 0) return keyedParts(list.filter(isJsonObject), keyed);
  if (!elements.some((element) => element.startsWith("v:"))) return [];
  return list.map((item) => ({ element: valueElement(item), value: item }));
}

/** Whether an element is the item of a keyed list. */
export function isItem(element: PathElement): boolean {
  return element.startsWith("k:");
}

/** Items that name all keys choose first: what is left is for those that leave some out. */
function keyedParts(items: readonly JsonObject[], elements: readonly PathElement[]): readonly Part[] {
  const open = new Map(elements.map((element) => [element, keysOf(element)]));
  const names = [...new Set([...open.values()].flatMap((keys) => Object.keys(keys)))];
  const wanted = items.map((item) => ({ item, keys: pick(item, names) }));
  const found = new Map<JsonObject, PathElement>();
  for (const whole of [true, false]) {
    for (const { item, keys } of wanted) {
      if (found.has(item) || (Object.keys(keys).length === names.length) !== whole) continue;
      const [match] = [...open].find(([, of]) => agrees(keys, of)) ?? [];
      if (match === undefined) continue;
      found.set(item, match);
      open.delete(match);
    }
  }
  return wanted.map(({ item, keys }) => ({ element: found.get(item) ?? keyElement(keys), value: item }));
}

function keysOf(element: PathElement): JsonObject {
  return JSON.parse(element.slice(2)) as JsonObject; // a canonical element holds an object
}

function pick(item: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function agrees(keys: JsonObject, of: JsonObject): boolean {
  const named = Object.entries(keys);
  return named.length > 0 && named.every(([name, value]) => value === of[name]);
}
