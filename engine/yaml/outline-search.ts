import { isJsonObject, type Json } from "../model/kube-object.ts";
import type { Entry, Outline } from "./outline.ts";
import type { ValueIds } from "./value-ids.ts";

/** The nodes from the root to the innermost one around the first difference of two values. */
export function nodesAlong(root: Outline, value: Json, wanted: Json, ids: ValueIds): Outline[] {
  const nodes = [root];
  for (let [node, a, b]: [Outline, Json, Json] = [root, value, wanted]; ; nodes.push(node)) {
    const part = differingPart(a, b, ids);
    const entry = part === undefined ? undefined : entryAt(node, part);
    if (part === undefined || entry === undefined) return nodes;
    [node, a, b] = [entry.value, childOf(a, part), childOf(b, part)];
  }
}

/** The nodes from the root to the innermost one around an offset. */
export function nodesAt(root: Outline, offset: number): Outline[] {
  const nodes: Outline[] = [];
  for (let node: Outline | undefined = root; node !== undefined; ) {
    nodes.push(node);
    node = node.entries.findLast(({ start }) => start <= offset)?.value;
  }
  return nodes;
}

/** The first key or index that both have, with values that differ. */
function differingPart(a: Json, b: Json, ids: ValueIds): string | number | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return undefined;
    const index = a.findIndex((item: Json, place) => !ids.same(item, (b as readonly Json[])[place]));
    return index === -1 ? undefined : index;
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return undefined;
  if (Object.keys(a).some((key) => !Object.hasOwn(b, key))) return undefined;
  return Object.keys(a).find((key) => !ids.same(a[key], b[key]));
}

function entryAt(node: Outline, part: string | number): Entry | undefined {
  if (node.kind === "list") return typeof part === "number" ? node.entries[part] : undefined;
  return node.entries.find((entry) => entry.key === part);
}

function childOf(value: Json, part: string | number): Json {
  return (value as Readonly<Record<string | number, Json>>)[part] ?? null;
}
