import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { namespaceOf } from "./parts.ts";
import type { ResourceKey } from "./types.ts";

interface Line {
  readonly revision: number;
  readonly resource: ResourceKey;
  /** `<namespace>/<name>`. */
  readonly key: string;
  /** Missing where the object was removed. */
  readonly object?: KubeObject;
}

const COMPACT_BEYOND = 4_000;

/**
 * Objects in a file of JSON lines, one for each write, in order. A line is handed to the operating system before the
 * write is answered, so that a killed process loses nothing that it said it had; a torn last line is left out.
 */
export class Journal {
  readonly #path: string;
  readonly #objects = new Map<string, Line & { readonly object: KubeObject }>();
  #revision = 1;
  #lines = 0;
  #compactFrom = COMPACT_BEYOND;
  #file: number;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, "objects.jsonl");
    if (existsSync(this.#path))
      for (const line of readFileSync(this.#path, "utf8").split("\n")) this.#replay(line);
    this.#file = this.#compact();
  }

  get revision(): number {
    return this.#revision;
  }

  objects(): { readonly resource: ResourceKey; readonly object: KubeObject }[] {
    return [...this.#objects.values()];
  }

  put(revision: number, resource: ResourceKey, object: KubeObject): void {
    this.#append({ revision, resource, key: `${namespaceOf(object)}/${object.metadata.name}`, object });
  }

  remove(revision: number, resource: ResourceKey, namespace: string, name: string): void {
    this.#append({ revision, resource, key: `${namespace}/${name}` });
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(line: Line): void {
    this.#write(Buffer.from(`${JSON.stringify(line)}\n`));
    this.#note(line);
    this.#lines++;
    if (this.#lines < this.#compactFrom) return;
    try {
      const before = this.#file;
      this.#file = this.#compact();
      closeSync(before);
    } catch {
      // A full disk: the file as it is says all, and is rewritten later
      rmSync(`${this.#path}.new`, { force: true, recursive: true });
      this.#compactFrom = this.#lines + COMPACT_BEYOND;
    }
  }

  /** Writes all of a line, or nothing: on a full disk a piece of it would spoil the next one too. */
  #write(bytes: Buffer): void {
    const { size } = fstatSync(this.#file);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      ftruncateSync(this.#file, size);
      throw error;
    }
  }

  #replay(text: string): void {
    if (text === "") return;
    try {
      this.#note(JSON.parse(text) as Line);
    } catch {
      // The process was killed while it wrote this line, and had not answered yet.
    }
  }

  #note(line: Line): void {
    this.#revision = Math.max(this.#revision, line.revision);
    const key = `${line.resource} ${line.key}`;
    if (line.object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, { ...line, object: line.object });
  }

  /** Rewrites the file with what is there now, beside it and renamed, and opens it for more. */
  #compact(): number {
    const lines = [...this.#objects.values()].map((line) => JSON.stringify(line));
    const last: Line = { revision: this.#revision, resource: "", key: "revision" };
    const temporary = `${this.#path}.new`;
    // Flushed to the disk before it takes the place of what is there
    writeFileSync(temporary, `${[...lines, JSON.stringify(last)].join("\n")}\n`, {
      mode: 0o600,
      flush: true,
    });
    const file = openSync(temporary, "a");
    renameSync(temporary, this.#path);
    this.#lines = lines.length;
    this.#compactFrom = COMPACT_BEYOND + 2 * this.#objects.size;
    return file;
  }
}
