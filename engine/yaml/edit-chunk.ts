import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { editNode } from "./edit-node.ts";
import { type Outline, outlineOf } from "./outline.ts";
import { nodesAlong, nodesAt } from "./outline-search.ts";
import { readChunk } from "./read-stream.ts";
import { endOfHead } from "./replace-node.ts";
import { applySplices, originOf, type Splice } from "./splices.ts";
import type { Chunk } from "./split-documents.ts";
import { layoutOf } from "./text-lines.ts";
import type { ValueIds } from "./value-ids.ts";
import { type Layout, writeYaml } from "./write-yaml.ts";

/** Characters that may be read again in search of the smallest part to write anew, beside a few attempts at least. */
const MAX_REREAD = 10_000_000;
const MIN_ATTEMPTS = 8;

/**
 * Splices that make one document read as `wanted`. Where the smallest change does not, the next larger part around what
 * is wrong is written anew, and at last the whole document.
 */
export function editChunk(chunk: Chunk, before: Json, wanted: Json, ids: ValueIds): Splice[] {
  const root = outlineOf(chunk.text);
  if (root === undefined) return [rewrite(chunk.text, wanted)];
  const layout = layoutOf(chunk.text, root);
  const rigid = new Set<Outline>();
  const attempts = Math.max(MIN_ATTEMPTS, MAX_REREAD / (chunk.text.length + 1));
  for (let attempt = 0; attempt < attempts && !rigid.has(root); attempt++) {
    const editing = { text: chunk.text, ids, layout, anchors: new Map<string, Json>(), rigid };
    const slot = { node: root, entry: undefined, owner: "map", style: "block" } as const;
    const splices = editNode(editing, slot, before, wanted);
    const wrong = findWrong({ chunk, root, splices, wanted, ids });
    if (wrong === undefined) return splices;
    rigid.add(wrong.findLast((node) => !rigid.has(node)) ?? root);
  }
  return [rewrite(chunk.text, wanted, layout)];
}

function rewrite(text: string, wanted: Json, layout?: Layout): Splice {
  return { start: endOfHead(text), end: text.length, text: writeYaml(wanted, layout) };
}

interface Attempt {
  readonly chunk: Chunk;
  readonly root: Outline;
  readonly splices: readonly Splice[];
  readonly wanted: Json;
  readonly ids: ValueIds;
}

/** The nodes around the first place that does not read as wanted, the outermost first; undefined where all does. */
function findWrong({ chunk, root, splices, wanted, ids }: Attempt): Outline[] | undefined {
  const text = applySplices(chunk.text, splices);
  if (text === undefined) return [root];
  const read = readChunk({ ...chunk, text }, "");
  if (!(read instanceof EngineError)) {
    const value = read?.value ?? null;
    return ids.same(value, wanted) ? undefined : nodesAlong(root, value, wanted, ids);
  }
  const { line = 1, column = 1 } = read.place;
  return nodesAt(root, originOf(splices, offsetOf(text, line - chunk.linesBefore, column)));
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let above = 1; above < line; above++) start = text.indexOf("\n", start) + 1;
  return start + column - 1;
}
