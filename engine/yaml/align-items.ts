import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";
import type { ValueIds } from "./value-ids.ts";

/** Fields by which the items of Kubernetes' lists are told apart, the most telling first. */
const NAMING = [
  "name",
  "key",
  "mountPath",
  "devicePath",
  "containerPort",
  "port",
  "ip",
  "topologyKey",
  "kind",
];

/** Where the items of an edited list come from. */
export interface Alignment {
  /** For each item of the new list its index in the old one; undefined for an item that is new. */
  readonly sources: readonly (number | undefined)[];
  /** The indices in the old list of those that keep their order; all other sources move. */
  readonly kept: ReadonlySet<number>;
}

/**
 * Finds for each item of a list the one that it was before: an equal one, else one of the same name, else the one that
 * stands in its place and is like it. Takes time proportional to the lists (times the logarithm of their length).
 */
export function alignItems(before: readonly Json[], after: readonly Json[], ids: ValueIds): Alignment {
  const sources: (number | undefined)[] = after.map(() => undefined);
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && ids.same(before[head], after[head])) sources[head] = head++;
  let tail = 0;
  while (tail < shorter - head && ids.same(before.at(-1 - tail), after.at(-1 - tail))) {
    tail++;
    sources[after.length - tail] = before.length - tail;
  }
  const taken = new Set(sources.filter((source) => source !== undefined));
  pair(before, after, { sources, taken }, (item) => ids.idOf(item));
  pair(before, after, { sources, taken }, (item) => nameOf(item, ids));
  const kept = inOrder(sources);
  pairByPlace(before, after, { sources, taken, kept });
  return { sources, kept };
}

interface Pairing {
  readonly sources: (number | undefined)[];
  readonly taken: Set<number>;
}

/** Pairs what has the same mark and no partner yet, the first with the first. */
function pair(
  before: readonly Json[],
  after: readonly Json[],
  { sources, taken }: Pairing,
  markOf: (item: Json) => string | number | undefined,
): void {
  const free = new Map<string | number, number[]>();
  for (let index = before.length - 1; index >= 0; index--) {
    const mark = taken.has(index) ? undefined : markOf(before[index] ?? null);
    if (mark === undefined) continue;
    const indices = free.get(mark);
    if (indices === undefined) free.set(mark, [index]);
    else indices.push(index);
  }
  for (const [index, item] of after.entries()) {
    const mark = sources[index] === undefined ? markOf(item) : undefined;
    const source = mark === undefined ? undefined : free.get(mark)?.pop();
    if (source === undefined) continue;
    sources[index] = source;
    taken.add(source);
  }
}

function nameOf(item: Json, ids: ValueIds): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const field = NAMING.find((name) => isScalar(item[name]));
  if (field === undefined) return undefined;
  const { protocol, metadata } = item;
  return [field, ids.idOf(item[field] ?? null), ids.idOf(protocol ?? null), nameIn(metadata)].join();
}

/** The items of a `List` are objects, with their names in `metadata`. */
function nameIn(metadata: Json | undefined): string {
  return isJsonObject(metadata) ? JSON.stringify([metadata.namespace ?? "", metadata.name ?? ""]) : "";
}

function isScalar(value: Json | undefined): boolean {
  return value !== undefined && value !== null && typeof value !== "object";
}

/** The longest ascending run of sources: what stays in its place when everything else moves. */
function inOrder(sources: readonly (number | undefined)[]): Set<number> {
  const tails: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const source of sources) {
    if (source === undefined) continue;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle] ?? 0) < source) low = middle + 1;
      else high = middle;
    }
    before.set(source, tails[low - 1]);
    tails[low] = source;
  }
  const kept = new Set<number>();
  for (let at = tails.at(-1); at !== undefined; at = before.get(at)) kept.add(at);
  return kept;
}

/** Between two items that stay, what is left over is paired in its order, if it looks like the same thing changed. */
function pairByPlace(
  before: readonly Json[],
  after: readonly Json[],
  { sources, taken, kept }: Pairing & { readonly kept: Set<number> },
): void {
  let next = 0;
  for (const [index, source] of sources.entries()) {
    if (source !== undefined) {
      if (kept.has(source)) next = source + 1;
      continue;
    }
    while (taken.has(next) && !kept.has(next)) next++;
    if (next >= before.length || kept.has(next)) continue;
    if (!alike(before[next] ?? null, after[index] ?? null)) continue;
    sources[index] = next;
    taken.add(next);
    kept.add(next);
    next++;
  }
}

/** Two scalars, two lists, or two mappings of which most fields have the same names and one field the same value. */
function alike(a: Json, b: Json): boolean {
  if (isJsonObject(a) && isJsonObject(b)) return alikeMaps(a, b);
  return Array.isArray(a) === Array.isArray(b) && isJsonObject(a) === isJsonObject(b);
}

function alikeMaps(a: JsonObject, b: JsonObject): boolean {
  const [fields, others] = [Object.keys(a), Object.keys(b)];
  const shared = fields.filter((field) => Object.hasOwn(b, field));
  if (shared.length * 2 < Math.max(fields.length, others.length)) return false;
  return shared.some((field) => typeof a[field] === "object" || a[field] === b[field]) || shared.length < 2;
}
