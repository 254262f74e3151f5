import { EngineError } from "../../model/errors.ts";
import { Recent } from "../recent.ts";
import { CatFile } from "./cat-file.ts";
import type { GitObject } from "./types.ts";

const CACHE_BYTES = 64 * 1024 * 1024;
const MAX_CACHED = 1024 * 1024;
/** What a cached object takes beside its content. */
const OVERHEAD_BYTES = 200;
/** What each byte of a tree takes in all, as its entries are kept with it. */
const TREE_FACTOR = 7;

/**
 * Reads objects through one long-lived `git cat-file --batch`, started again where it died. Small objects stay in a
 * cache bounded in bytes.
 */
export class ObjectReader {
  readonly #dir: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #cache = new Recent<Promise<GitObject | undefined>>(CACHE_BYTES);
  #process: CatFile | undefined;

  constructor(dir: string, environment: Readonly<Record<string, string>>) {
    this.#dir = dir;
    this.#environment = environment;
  }

  /** The object of a full id; undefined where the repository has none. */
  read(oid: string): Promise<GitObject | undefined> {
    const known = this.#cache.get(oid);
    if (known !== undefined) return known;
    const asked = this.#fetch(oid);
    this.#cache.set(oid, asked, OVERHEAD_BYTES);
    asked.then(
      (object) => this.#keep(oid, asked, object),
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

  #keep(oid: string, asked: Promise<GitObject | undefined>, object: GitObject | undefined): void {
    // What is missing now may come with the next fetch.
    if (object === undefined || object.data.length > MAX_CACHED) this.#cache.delete(oid);
    else this.#cache.set(oid, asked, weightOf(object));
  }
}

function weightOf({ type, data }: GitObject): number {
  return data.length * (type === "tree" ? TREE_FACTOR : 1) + OVERHEAD_BYTES;
}
