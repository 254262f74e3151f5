import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { EngineError } from "../../model/errors.ts";
import { FSCK } from "./exec.ts";
import type { GitObject, ObjectType } from "./types.ts";

const MAX_OBJECT = 64 * 1024 * 1024;
/** Characters of what Git complains of that are kept. */
const MAX_SAID = 2_000;

interface Request {
  readonly oid: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** One `git cat-file --batch`: requests are pipelined, answers come in order. Once it has ended it stays so. */
export class CatFile {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<void>;
  #ended: EngineError | undefined;
  #queue: Request[] = [];
  #asking = "";
  #chunks: Buffer[] = [];
  #buffered = 0;
  #awaited = 0;
  /** Bytes of a refused object that are still to come. */
  #skipped = 0;
  #said = "";

  constructor(dir: string, environment: Readonly<Record<string, string>>) {
    // What is refused below, Git streams and does not hold either.
    const settings = ["-c", `core.bigFileThreshold=${MAX_OBJECT}`];
    this.#child = spawn("git", [...settings, "--git-dir", dir, "cat-file", "--batch"], {
      env: { ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString("utf8")}`.slice(-MAX_SAID);
    });
    // A broken pipe is a process that ends: its close tells.
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("error", (error) =>
      this.#end(new EngineError("git-missing", "git could not be started", { cause: error })),
    );
    this.#closed = new Promise((resolve) => {
      this.#child.on("close", () => {
        this.#end(
          new EngineError("git-failed", `git cat-file ended${lastLine(this.#said)}`, {
            retryable: true,
            hint: FSCK,
          }),
        );
        resolve();
      });
    });
    this.#child.unref();
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * The object of a full id; undefined where the repository has none. Throws `object-too-large`, `git-missing`, and
   * `git-failed` where the process ended before its answer.
   */
  read(oid: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#queue.push({ oid, resolve, reject });
      // All that is asked in one turn goes out in one write
      if (this.#asking === "") queueMicrotask(() => this.#ask());
      this.#asking += `${oid}\n`;
    });
  }

  /** Ends the process when it has answered. */
  async close(): Promise<void> {
    this.#child.ref();
    this.#ask();
    this.#child.stdin.end();
    await this.#closed;
  }

  #ask(): void {
    this.#child.stdin.write(this.#asking);
    this.#asking = "";
  }

  #end(error: EngineError): void {
    this.#ended ??= error;
    const lost = this.#queue;
    this.#queue = [];
    for (const request of lost) request.reject(this.#ended);
  }

  #receive(received: Buffer): void {
    const chunk = received.subarray(this.#skipped);
    this.#skipped -= received.length - chunk.length;
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
    if (size > MAX_OBJECT) {
      this.#queue.shift();
      request.reject(
        new EngineError(
          "object-too-large",
          `Git object ${request.oid} has ${size} bytes, more than ${MAX_OBJECT}`,
        ),
      );
      this.#skipped = Math.max(0, end - buffer.length);
      return Math.min(end, buffer.length);
    }
    if (buffer.length < end) {
      this.#awaited = end;
      return 0;
    }
    this.#queue.shift();
    request.resolve({ type: type as ObjectType, data: ownCopy(buffer.subarray(newline + 1, end - 1)) });
    return end;
  }
}

/** Bytes in memory of their own: what is kept of them keeps neither what was read nor Node's pool with them. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** What Git said last, as the end of a sentence. */
function lastLine(said: string): string {
  const line = said.trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : `: ${line}`;
}
