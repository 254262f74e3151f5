import type { Json, JsonObject, KubeObject } from "../../model/kube-object.ts";
import type { Edit } from "../../yaml/index.ts";
import { DELETE_FROM_LIST, PATCH, SET_ORDER } from "../patch/strategic/directives.ts";
import type { FieldSchema, TypeSchema } from "../schema/type-schema.ts";
import { jsonEqual } from "../typed/json-equal.ts";
import { asList, asMap } from "../typed/shape.ts";
import { fieldSchema, identify, listKindOf } from "./list-kind.ts";

/**
 * The edits that make one document of an override of another, each as small as it can be, so that a text editor leaves
 * all else in the file as it is: fields that differ are set or removed, items of lists that merge are edited where they
 * stand, taken out, and appended. Other lists, and items that change places, are set as a whole. They are to be made
 * one after the other.
 */
export function documentEdits(before: KubeObject, after: KubeObject, schema: TypeSchema): readonly Edit[] {
  return editsOfMap(before, after, { type: schema }, []);
}

function editsOf(before: Json, after: Json, field: FieldSchema, path: Edit["path"]): readonly Edit[] {
  if (jsonEqual(before, after)) return [];
  const [mapBefore, mapAfter] = [asMap(before), asMap(after)];
  if (mapBefore !== undefined && mapAfter !== undefined) return editsOfMap(mapBefore, mapAfter, field, path);
  const [listBefore, listAfter] = [asList(before), asList(after)];
  const edits = listBefore && listAfter && editsOfList(listBefore, listAfter, field, path);
  return edits ?? [{ op: "set", path, value: after }];
}

function editsOfMap(
  before: JsonObject,
  after: JsonObject,
  field: FieldSchema,
  path: Edit["path"],
): readonly Edit[] {
  const edits: Edit[] = [];
  for (const [name, value] of Object.entries(after)) {
    const below = [...path, name];
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (old === undefined) edits.push({ op: "set", path: below, value });
    else edits.push(...editsOf(old, value, directed(field, name), below));
  }
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) edits.push({ op: "remove", path: [...path, name] });
  }
  return edits;
}

/** The schema of a key of a patch; what a directive lists is one value. */
function directed({ type }: FieldSchema, key: string): FieldSchema {
  const isDirective = key.startsWith(SET_ORDER) || key.startsWith(DELETE_FROM_LIST);
  return isDirective ? { type: {} } : fieldSchema(type, key);
}

/** Undefined where the list has to be set: its items are not known, or stay in another order. */
function editsOfList(
  before: readonly Json[],
  after: readonly Json[],
  field: FieldSchema,
  path: Edit["path"],
): readonly Edit[] | undefined {
  const list = listKindOf(field);
  if (list.kind === "atomic") return undefined;
  const idOf = (item: Json) => JSON.stringify([identify(list, item), asMap(item)?.[PATCH]]);
  const old = new Map(before.map((item, index) => [idOf(item), index]));
  const ids = after.map(idOf);
  const wanted = new Set(ids);
  const kept = [...old.keys()].filter((id) => wanted.has(id));
  if (old.size < before.length || kept.some((id, index) => id !== ids[index])) return undefined;

  const edits: Edit[] = [];
  for (const [index, item] of after.slice(0, kept.length).entries()) {
    const at = old.get(ids[index] ?? "") ?? 0;
    edits.push(...editsOf(before[at] ?? null, item, list.item, [...path, at]));
  }
  const gone = [...old].filter(([id]) => !wanted.has(id)).map(([, index]) => index);
  for (const index of gone.toReversed()) edits.push({ op: "remove", path: [...path, index] });
  for (const value of after.slice(kept.length)) edits.push({ op: "append", path, value });
  return edits;
}
