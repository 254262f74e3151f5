import { createHash } from "node:crypto";
import { objectKey } from "../../model/kube-object.ts";
import { formatEntry, parseEntry } from "./entry-line.ts";
import type { Entry } from "./model.ts";

/** Entries by object key. */
export type Entries = ReadonlyMap<string, Entry>;

/** Text of each part by its index. A ConfigMap holds 1,048,576 bytes at most. */
export type PartTexts = ReadonlyMap<number, string>;

/** Bytes of text from which on an inventory gets more parts. */
export const PART_LIMIT = 384 * 1024;

/** The part, out of `count`, that holds the entry of the object with this key. */
export function partOf(key: string, count: number): number {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % count;
}

/** Number of parts for these entries: never fewer than there are, doubled until each is within `limit` bytes. */
export function partCount(entries: Entries, current: number, limit: number = PART_LIMIT): number {
  let count = Math.max(1, current);
  while (
    count < 1024 &&
    [...encodeParts(entries, count).values()].some((text) => Buffer.byteLength(text) > limit)
  ) {
    count *= 2;
  }
  return count;
}

/** The text of every part; equal entries give equal texts. */
export function encodeParts(entries: Entries, count: number): PartTexts {
  const lines = Array.from({ length: count }, (): string[] => []);
  for (const [key, entry] of entries) lines[partOf(key, count)]?.push(formatEntry(entry));
  return new Map(lines.map((part, index) => [index, part.toSorted().join("\n")]));
}

/**
 * The entries of all parts. While an inventory grows an entry may stand in two parts: the one in the part where it
 * belongs among `count` is the newer. `damaged` where a part is missing or a line is not readable.
 */
export function decodeParts(parts: PartTexts, count: number): { entries: Entries; damaged: boolean } {
  const entries = new Map<string, Entry>();
  let damaged = Array.from({ length: count }, (_, index) => index).some((index) => !parts.has(index));
  for (const [index, text] of parts) {
    for (const line of text.split("\n").filter((part) => part !== "")) {
      const entry = parseEntry(line);
      if (entry === undefined) {
        damaged = true;
        continue;
      }
      const key = objectKey(entry.id);
      if (!entries.has(key) || partOf(key, count) === index) entries.set(key, entry);
    }
  }
  return { entries, damaged };
}

/**
 * The parts to write so that `next` stands, in an order in which a stop after any of them loses no entry:
 * parts that are new first (they get copies of what moves), then those that shrink.
 */
export function partWrites(previous: PartTexts, next: PartTexts): readonly { index: number; text: string }[] {
  const changed = [...next].filter(([index, text]) => previous.get(index) !== text);
  const order = ([index]: [number, string]): number => (previous.has(index) ? 1 : 0);
  return changed
    .toSorted((a, b) => order(a) - order(b) || a[0] - b[0])
    .map(([index, text]) => ({ index, text }));
}
