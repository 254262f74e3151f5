import { EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from "js-yaml";
import type { Parsed } from "./parse-events.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import { offsetOf } from "./scalar-meaning.ts";

/** Where the values of a document stand in its text. */
export interface OffsetTree {
  readonly offset: number;
  /** Of a mapping: where each key stands, and its value. */
  readonly fields: Map<string, { readonly offset: number; readonly value: OffsetTree }>;
  readonly items: OffsetTree[];
}

interface Open {
  readonly tree: OffsetTree;
  readonly isMap: boolean;
  key: { readonly text: string; readonly offset: number } | undefined;
}

/** The offsets of a document that was read without a fault. What comes by alias or merge stands where it is used. */
export function indexOffsets({ text: source, events }: Parsed): OffsetTree {
  const root = leaf(0);
  const open: Open[] = [{ tree: root, isMap: false, key: undefined }];
  for (const event of events) {
    const parent = open.at(-1);
    if (event.type === EVENT_ID.DOCUMENT || parent === undefined) continue;
    if (event.type === EVENT_ID.POP) open.pop();
    else if (event.type === EVENT_ID.SCALAR) place(parent, leaf(offsetOf(event)), keyOf(source, event));
    else if (event.type === EVENT_ID.ALIAS) place(parent, leaf(event.anchorStart - 1), "");
    else {
      const tree = leaf(event.start);
      place(parent, tree, "");
      open.push({ tree, isMap: event.type === EVENT_ID.MAPPING, key: undefined });
    }
  }
  return root.items[0] ?? root;
}

/** Where the value at a path stands: the key of a field, the value of an item; the nearest parent's where there is none. */
export function findOffset(root: OffsetTree, path: readonly (string | number)[]): number {
  let tree = root;
  let offset = root.offset;
  for (const part of path) {
    const field = tree.fields.get(String(part));
    const next = typeof part === "number" && field === undefined ? tree.items[part] : field?.value;
    if (next === undefined) return offset;
    offset = field?.offset ?? next.offset;
    tree = next;
  }
  return offset;
}

function leaf(offset: number): OffsetTree {
  return { offset, fields: new Map(), items: [] };
}

function place(parent: Open, tree: OffsetTree, text: string): void {
  if (!parent.isMap) parent.tree.items.push(tree);
  else if (parent.key === undefined) parent.key = { text, offset: tree.offset };
  else {
    parent.tree.fields.set(parent.key.text, { offset: parent.key.offset, value: tree });
    parent.key = undefined;
  }
}

function keyOf(source: string, event: ScalarEvent): string {
  const text = getScalarValue(source, event);
  return event.style === SCALAR_STYLE.PLAIN ? String(resolvePlain(text)) : text;
}
