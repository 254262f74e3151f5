import { EngineError } from "../model/errors.ts";
import { objectKey } from "../model/kube-object.ts";
import type { Placed, TextFile } from "./layer-text.ts";
import { normalText, type Piece, piecesOf } from "./stream-pieces.ts";

/** A piece of a file as it was. */
export interface Original extends Piece {
  readonly file: string;
  /** Which piece of its file it is. */
  readonly index: number;
  /** Its bytes, its separator included. */
  readonly raw: string;
}

/** The pieces of a file; one that cannot be taken apart is one piece, so that an edit can mend it. */
export function originalsOf({ path, text }: TextFile): Original[] {
  const lines = text.replace(/^\uFEFF/, "").split(/(?<=\n)/);
  let from = 0;
  return piecesOrOne(normalText(text)).map((piece, index): Original => {
    const count = countLines(piece.separator) + countLines(piece.text);
    const raw = lines.slice(from, from + count).join("");
    from += count;
    return { ...piece, file: path, index, raw };
  });
}

function piecesOrOne(text: string): Piece[] {
  try {
    return piecesOf(text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [{ separator: "", text, line: 1, objects: [], fault: error }];
  }
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}

/**
 * Finds what each piece of an edited layer text was before: the same text in the part of the same file, else the same
 * object, wherever it stands, else the same text elsewhere, else what is left over in the file, in its order.
 */
export function pairPieces(
  originals: readonly Original[],
  pieces: readonly Placed[],
): ReadonlyMap<Placed, Original> {
  const pairing: Pairing = { originals, pieces, pairs: new Map(), taken: new Set() };
  pairBy(pairing, (piece, file) => [`${file}\n${piece.text}`]);
  pairBy(pairing, ({ objects }) => objects.map(objectKey));
  const isOther = ({ objects, text }: Piece) => objects.length === 0 && text.trim() !== "";
  pairBy(pairing, (piece) => (isOther(piece) ? [piece.text] : []));
  pairBy(pairing, (piece, file) => (isOther(piece) ? [file] : []));
  return pairing.pairs;
}

interface Pairing {
  readonly originals: readonly Original[];
  readonly pieces: readonly Placed[];
  readonly pairs: Map<Placed, Original>;
  readonly taken: Set<Original>;
}

/** Pairs what has a mark in common and no partner yet, the first with the first. */
function pairBy(
  { originals, pieces, pairs, taken }: Pairing,
  marksOf: (piece: Piece, file: string) => readonly string[],
): void {
  const free = new Map<string, Original[]>();
  for (const original of originals.toReversed()) {
    if (taken.has(original)) continue;
    for (const mark of marksOf(original, original.file)) {
      const queue = free.get(mark);
      if (queue === undefined) free.set(mark, [original]);
      else queue.push(original);
    }
  }
  for (const piece of pieces) {
    if (pairs.has(piece)) continue;
    for (const mark of marksOf(piece, piece.standsIn)) {
      const queue = free.get(mark) ?? [];
      let found = queue.pop();
      while (found !== undefined && taken.has(found)) found = queue.pop();
      if (found === undefined) continue;
      pairs.set(piece, found);
      taken.add(found);
      break;
    }
  }
}
