import { createHash } from "node:crypto";
import { isMap, isPair, isScalar, type Pair, parseDocument } from "yaml";
import { EngineError } from "../model/errors.ts";
import { readStream } from "../yaml/index.ts";
import type { Git } from "./git/types.ts";
import { readFile } from "./read-file.ts";

const PROFILE_FILE = "profile.yaml";
/** Bytes of a profile.yaml that is taken apart; a larger one counts as it is. */
const MAX_PROFILE = 256 * 1024;
/** Whether a text can have one of the keys, written out or with escapes: any other is not taken apart. */
const MAY_HAVE_NOTES = /tags|description|\\/;

/**
 * A reader of content ids: what a profile's directory holds, without the tags and the description that
 * `profile.yaml` carries, as those are read from main alone and never make a revision.
 * Equal trees have equal ids at no cost; others are compared by the ids of their entries.
 */
export function createContentIds(git: Git): (tree: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (tree) => {
    const cached = known.get(tree);
    if (cached !== undefined) return cached;
    const computed = computeContentId(git, tree);
    known.set(tree, computed);
    computed.catch(() => known.delete(tree));
    return computed;
  };
}

async function computeContentId(git: Git, tree: string): Promise<string> {
  const hash = createHash("sha256");
  for (const entry of await git.readTree(tree)) {
    const read = entry.path === PROFILE_FILE ? await readFile(git, entry, PROFILE_FILE) : undefined;
    const isProfile = Buffer.isBuffer(read) && read.length <= MAX_PROFILE;
    const id = isProfile ? textWithoutNotes(read.toString("utf8")) : entry.oid;
    hash.update(`${entry.mode} ${entry.path}\0${id}\0`);
  }
  return hash.digest("hex");
}

/** The text of a profile.yaml without `metadata.tags` and `spec.description`; unreadable text counts as it is. */
export function textWithoutNotes(text: string): string {
  if (!isReadable(text)) return text;
  return withoutSpaces(MAY_HAVE_NOTES.test(text) ? cutNotes(text) : text);
}

function cutNotes(text: string): string {
  // Our own reader has seen that no key is there twice; this one compares each with all others.
  const document = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  const ranges = [
    findPair(document.contents, ["metadata", "tags"]),
    findPair(document.contents, ["spec", "description"]),
  ]
    .map((pair) => (pair === undefined ? undefined : pairRange(pair)))
    .filter((range) => range !== undefined)
    .sort((a, b) => b[0] - a[0]);
  let rest = text;
  for (const [start, end] of ranges) rest = rest.slice(0, start) + rest.slice(end);
  return rest;
}

function withoutSpaces(text: string): string {
  return text
    .replaceAll(/,(?=\s*[}\]])|(?<=\{\s*),/g, "")
    .split("\n")
    .map((line) => line.trim().replaceAll(/\s+/g, " "))
    .filter((line) => line !== "")
    .join("\n");
}

/** Whether our own reader takes a text: what it refuses could keep the other one busy for minutes. */
function isReadable(text: string): boolean {
  try {
    return readStream(text, { file: PROFILE_FILE }).length === 1;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

function findPair(map: unknown, path: readonly [string, string]): Pair | undefined {
  let node: unknown = map;
  let found: Pair | undefined;
  for (const key of path) {
    if (!isMap(node)) return undefined;
    found = node.items.find((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === key);
    node = found?.value;
  }
  return found;
}

function pairRange(pair: Pair): [number, number] | undefined {
  const key = pair.key;
  const value = pair.value as { range?: [number, number, number] | null } | null;
  if (!isScalar(key) || key.range == null) return undefined;
  return [key.range[0], value?.range?.[1] ?? key.range[2]];
}
