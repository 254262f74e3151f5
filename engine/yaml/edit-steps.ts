import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";
import { type Edit, type Path, valueAt } from "./json-edit.ts";

/** A change of one entry of one collection, or of the whole document. The last part of the path names the entry. */
export type Step =
  | { readonly op: "replace"; readonly path: Path; readonly value: Json }
  | { readonly op: "insert"; readonly path: Path; readonly value: Json }
  | { readonly op: "remove"; readonly path: Path };

/** An edit as the smallest steps, so that what stays as it is keeps its text: a `set` of a list becomes its differences. */
export function stepsOf(before: Json, edit: Edit): Step[] {
  const { path } = edit;
  const known = valueAt(before, path);
  if (edit.op === "remove") return known === undefined || path.length === 0 ? [] : [{ op: "remove", path }];
  if (edit.op === "append" && Array.isArray(known))
    return [{ op: "insert", path: [...path, known.length], value: edit.value }];
  const value = edit.op === "append" ? [edit.value] : edit.value;
  if (known !== undefined) return difference(known, value, path);
  if (before === null) return [{ op: "replace", path: [], value: wrap(path, value) }];
  // The first parent that is missing, or null, comes with all that goes below it.
  const depth = path.findIndex((_, index) => (valueAt(before, path.slice(0, index + 1)) ?? null) === null);
  const place = path.slice(0, depth + 1);
  const op = valueAt(before, place) === undefined ? "insert" : "replace";
  return [{ op, path: place, value: wrap(path.slice(depth + 1), value) }];
}

function wrap(path: Path, value: Json): Json {
  return path.reduceRight<Json>(
    (inner, part) => (typeof part === "number" ? [inner] : Object.fromEntries([[part, inner]])),
    value,
  );
}

function difference(before: Json, after: Json, path: Path): Step[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isFilled(before) && isFilled(after)) {
    if (Array.isArray(before) && Array.isArray(after)) return listDifference(before, after, path);
    if (isJsonObject(before) && isJsonObject(after)) return mapDifference(before, after, path);
  }
  return [{ op: "replace", path, value: after }];
}

function isFilled(value: Json): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length > 0;
}

function mapDifference(before: JsonObject, after: JsonObject, path: Path): Step[] {
  const changed = Object.entries(after).flatMap(([key, value]): Step[] => {
    const at = [...path, key];
    return Object.hasOwn(before, key)
      ? difference(before[key] ?? null, value, at)
      : [{ op: "insert", path: at, value }];
  });
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return [...changed, ...gone.map((key): Step => ({ op: "remove", path: [...path, key] }))];
}

/** Equal items at both ends stay; in between, items change in place, and then come or go. */
function listDifference(before: readonly Json[], after: readonly Json[], path: Path): Step[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isDeepStrictEqual(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isDeepStrictEqual(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const steps: Step[] = [];
  const shared = shorter - tail;
  for (let index = head; index < shared; index++) {
    steps.push(...difference(before[index] ?? null, after[index] ?? null, [...path, index]));
  }
  for (let index = before.length - tail - 1; index >= shared; index--)
    steps.push({ op: "remove", path: [...path, index] });
  for (let index = shared; index < after.length - tail; index++) {
    steps.push({ op: "insert", path: [...path, index], value: after[index] ?? null });
  }
  return steps;
}

/** What a step makes of a value. */
export function applyStep(root: Json, step: Step): Json {
  const [part, ...rest] = step.path;
  if (part === undefined) return step.op === "remove" ? null : step.value;
  if (typeof part === "number") {
    const list = root as readonly Json[];
    if (rest.length > 0)
      return list.toSpliced(part, 1, applyStep(list[part] ?? null, { ...step, path: rest }));
    if (step.op === "remove") return list.toSpliced(part, 1);
    return list.toSpliced(part, step.op === "insert" ? 0 : 1, step.value);
  }
  const entries = new Map(Object.entries(root as JsonObject));
  if (rest.length > 0) entries.set(part, applyStep(entries.get(part) ?? null, { ...step, path: rest }));
  else if (step.op === "remove") entries.delete(part);
  else entries.set(part, step.value);
  return Object.fromEntries(entries);
}
