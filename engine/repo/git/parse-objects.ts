import { EngineError } from "../../model/errors.ts";
import { FSCK } from "./exec.ts";
import type { AnnotatedTag, Commit, ObjectType, Signature, TreeEntry } from "./types.ts";

/** The id of the tree that holds nothing. */
export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Reads Git's binary tree format. `idBytes` is 20 for SHA-1, 32 for SHA-256. */
export function parseTree(data: Buffer, idBytes: number): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(32, at);
    const zero = data.indexOf(0, space);
    if (space === -1 || zero === -1 || zero + idBytes >= data.length) {
      throw new EngineError("git-corrupt", "a tree object is cut short", { hint: FSCK });
    }
    const mode = data.toString("latin1", at, space).padStart(6, "0");
    const path = data.toString("utf8", space + 1, zero);
    const oid = data.toString("hex", zero + 1, zero + 1 + idBytes);
    entries.push({
      mode,
      path,
      oid,
      type: mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob",
    });
    at = zero + 1 + idBytes;
  }
  return entries;
}

/** Writes Git's binary tree format. Entries are sorted by the bytes of their names, those of directories as if they ended in `/`. */
export function formatTree(entries: readonly Omit<TreeEntry, "type">[]): Buffer {
  const parts = entries.map(({ mode, path, oid }) => ({
    key: Buffer.from(mode === "040000" ? `${path}/` : path, "utf8"),
    data: Buffer.concat([
      Buffer.from(`${mode.replace(/^0/, "")} ${path}\0`, "utf8"),
      Buffer.from(oid, "hex"),
    ]),
  }));
  return Buffer.concat(parts.toSorted((a, b) => Buffer.compare(a.key, b.key)).map(({ data }) => data));
}

export function parseCommit(oid: string, data: Buffer): Commit {
  const { headers, message } = splitHeaders(decodeObject(data));
  const one = (key: string) => headers.find(([name]) => name === key)?.[1] ?? "";
  return {
    oid,
    tree: one("tree"),
    parents: headers.filter(([name]) => name === "parent").map(([, value]) => value),
    author: parseSignature(one("author")),
    committer: parseSignature(one("committer")),
    message,
  };
}

export function parseTag(data: Buffer): AnnotatedTag {
  const { headers, message } = splitHeaders(decodeObject(data));
  const one = (key: string) => headers.find(([name]) => name === key)?.[1];
  const tagger = one("tagger");
  return {
    object: one("object") ?? "",
    type: (one("type") ?? "commit") as ObjectType,
    name: one("tag") ?? "",
    tagger: tagger === undefined ? undefined : parseSignature(tagger),
    message: withoutSignature(message),
  };
}

function splitHeaders(text: string): { headers: [string, string][]; message: string } {
  const end = text.indexOf("\n\n");
  const head = end === -1 ? text : text.slice(0, end);
  const headers: [string, string][] = [];
  for (const line of head.split("\n")) {
    // Continued lines belong to signatures, which are not read here.
    if (line.startsWith(" ")) continue;
    const space = line.indexOf(" ");
    headers.push([line.slice(0, space), line.slice(space + 1)]);
  }
  return { headers, message: end === -1 ? "" : text.slice(end + 2) };
}

/** Reads what is there: old tools wrote signatures without a date, with odd zones, with brackets in them. */
function parseSignature(text: string): Signature {
  const who = /^([^<]*?) ?<(.*)>([^>]*)$/.exec(text);
  const when = /^ *(-?\d+)(?: +([+-])(\d{2})(\d{2})(?!\d))?/.exec(who?.[3] ?? "");
  const minutes = Number(when?.[3] ?? 0) * 60 + Number(when?.[4] ?? 0);
  return {
    name: who?.[1] ?? text,
    email: who?.[2] ?? "",
    time: Number(when?.[1] ?? 0),
    // Never the negative zero: it would be written as -0000.
    zone: when?.[2] === "-" || minutes === 0 ? minutes : -minutes,
  };
}

const SIGNATURE = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----/gm;

/** A tag's signature is the end of its message, from the last line that begins one. */
function withoutSignature(message: string): string {
  return message.slice(0, [...message.matchAll(SIGNATURE)].at(-1)?.index);
}

/** The text of an object in the encoding that it names, UTF-8 where it names none that is known. */
function decodeObject(data: Buffer): string {
  const text = data.toString("utf8");
  const named = splitHeaders(text).headers.find(([name]) => name === "encoding")?.[1];
  if (named === undefined) return text;
  try {
    return new TextDecoder(named).decode(data);
  } catch (error) {
    if (error instanceof RangeError) return text;
    throw error;
  }
}
