import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { EngineError } from "../../model/errors.ts";
import type { GitObject, ObjectType } from "./types.ts";

const MAX_OBJECT = 64 * 1024 * 1024;
const CACHE_BYTES = 64 * 1024 * 1024;
const MAX_CACHED = 1024 * 1024;

interface Request {
  readonly oid: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Reads objects through one long-lived `git cat-file --batch`: requests are pipelined, answers come in order.
 * A process that dies is started again for the next request. Small objects stay in a cache bounded in bytes.
 */
export class ObjectReader {
  readonly #dir: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #cache = new Map<string, Promise<GitObject | undefined>>();
  #cachedBytes = 0;
  readonly #sizes = new Map<string, number>();
  #child: Child | undefined;
  #queue: Request[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  #awaited = 0;

  constructor(dir: string, environment: Readonly<Record<string, string>>) {
    this.#dir = dir;
    this.#environment = environment;
  }

  /** The object of a full id; undefined where the repository has none. */
  read(oid: string): Promise<GitObject | undefined> {
    const known = this.#cache.get(oid);
    if (known !== undefined) {
      this.#cache.delete(oid);
      this.#cache.set(oid, known);
      return known;
    }
    const asked = new Promise<GitObject | undefined>((resolve, reject) =>
      this.#ask({ oid, resolve, reject }),
    );
    this.#cache.set(oid, asked);
    asked.then(
      (object) => this.#keep(oid, object),
      () => this.#cache.delete(oid),
    );
    return asked;
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.ref();
    child.stdin.end();
    await closed;
  }

  #keep(oid: string, object: GitObject | undefined): void {
    // What is missing now may come with the next fetch.
    if (object === undefined || object.data.length > MAX_CACHED) {
      this.#cache.delete(oid);
      return;
    }
    const size = object.data.length + 200;
    this.#sizes.set(oid, size);
    this.#cachedBytes += size;
    for (const [oldest] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES) break;
      const freed = this.#sizes.get(oldest);
      if (freed === undefined) continue;
      this.#sizes.delete(oldest);
      this.#cache.delete(oldest);
      this.#cachedBytes -= freed;
    }
  }

  #ask(request: Request): void {
    const child = this.#start();
    this.#queue.push(request);
    child.stdin.write(`${request.oid}\n`);
  }

  #start(): Child {
    if (this.#child !== undefined) return this.#child;
    const child = spawn("git", ["--git-dir", this.#dir, "cat-file", "--batch"], {
      env: { ...this.#environment },
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", (error) =>
      this.#fail(child, new EngineError("git-missing", "git could not be started", { cause: error })),
    );
    child.on("close", () =>
      this.#fail(child, new EngineError("git-failed", "git cat-file ended", { retryable: true })),
    );
    child.unref();
    return child;
  }

  #fail(child: Child, error: EngineError): void {
    const lost = this.#queue;
    this.#queue = [];
    this.#chunks = [];
    this.#buffered = 0;
    this.#awaited = 0;
    if (this.#child === child) this.#child = undefined;
    for (const request of lost) request.reject(error);
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#awaited) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      const used = this.#parse(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
    }
    this.#chunks = [rest];
    this.#buffered = rest.length;
  }

  /** Hands out the first complete answer in `buffer`; returns its length, 0 where it is not complete. */
  #parse(buffer: Buffer): number {
    const newline = buffer.indexOf(10);
    const request = this.#queue[0];
    this.#awaited = 0;
    if (newline === -1 || request === undefined) return 0;
    const [, type = "", sizeText = ""] = buffer.toString("latin1", 0, newline).split(" ");
    if (type === "missing" || type === "ambiguous") {
      this.#queue.shift();
      request.resolve(undefined);
      return newline + 1;
    }
    const size = Number(sizeText);
    const end = newline + 1 + size + 1;
    if (buffer.length < end) {
      this.#awaited = end;
      return 0;
    }
    this.#queue.shift();
    if (size > MAX_OBJECT) {
      request.reject(
        new EngineError(
          "object-too-large",
          `Git object ${request.oid} has ${size} bytes, more than ${MAX_OBJECT}`,
        ),
      );
    } else
      request.resolve({ type: type as ObjectType, data: Buffer.from(buffer.subarray(newline + 1, end - 1)) });
    return end;
  }
}
