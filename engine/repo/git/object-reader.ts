import { EngineError } from "../../model/errors.ts";
import { CatFile } from "./cat-file.ts";
import type { GitObject } from "./types.ts";

const CACHE_BYTES = 64 * 1024 * 1024;
const MAX_CACHED = 1024 * 1024;

/**
 * Reads objects through one long-lived `git cat-file --batch`, started again where it died. Small objects stay in a
 * cache bounded in bytes.
 */
export class ObjectReader {
  readonly #dir: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #cache = new Map<string, Promise<GitObject | undefined>>();
  #cachedBytes = 0;
  readonly #sizes = new Map<string, number>();
  #process: CatFile | undefined;

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
    const asked = this.#fetch(oid);
    this.#cache.set(oid, asked);
    asked.then(
      (object) => this.#keep(oid, object),
      () => this.#cache.delete(oid),
    );
    return asked;
  }

  async close(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.close();
  }

  async #fetch(oid: string): Promise<GitObject | undefined> {
    try {
      return await this.#running().read(oid);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "git-failed") throw error;
      // The process died with the question open. The next one answers it, or what is wrong is no accident.
      return this.#running().read(oid);
    }
  }

  #running(): CatFile {
    if (this.#process === undefined || this.#process.ended)
      this.#process = new CatFile(this.#dir, this.#environment);
    return this.#process;
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
}
