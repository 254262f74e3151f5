import { open, readFile, rename, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "../../model/errors.ts";
import { copyIndex } from "./copy-index.ts";

const PATIENCE_MS = 20_000;
const OWNER = /^strata (\d+)\n$/;

/** An index that no other Git command can touch until it is taken into use or let go. */
export interface HeldIndex {
  /** A private copy to work on. */
  readonly path: string;
  /** Makes the copy the index. */
  readonly use: () => Promise<void>;
  /** Leaves the index as it was. */
  readonly release: () => Promise<void>;
}

/**
 * Holds the index of a work tree by Git's own lock file, so that neither a user's `git commit` nor another writer of
 * ours comes between moving files and moving refs. A lock whose Strata process died is cleared. Throws `index-locked`.
 */
export async function holdIndex(index: string, signal: AbortSignal): Promise<HeldIndex> {
  const lock = `${index}.lock`;
  for (const deadline = Date.now() + PATIENCE_MS; !(await claim(lock)); ) {
    if (Date.now() > deadline) throw locked(lock);
    await clearAbandoned(lock);
    await delay(10 + Math.random() * 20, undefined, { signal });
  }
  const path = `${index}.strata-${process.pid}-${Date.now().toString(36)}`;
  const drop = () => rm(path, { force: true });
  try {
    await copyIndex(index, path);
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
  return {
    path,
    use: async () => {
      await rename(path, lock);
      await rename(lock, index);
    },
    release: async () => {
      await drop();
      await rm(lock, { force: true });
    },
  };
}

async function claim(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx");
    await file.writeFile(`strata ${process.pid}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function clearAbandoned(lock: string): Promise<void> {
  const owner = OWNER.exec(await readFile(lock, "utf8").catch(() => ""))?.[1];
  if (owner !== undefined && !isRunning(Number(owner))) await rm(lock, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user runs, though it may not be signalled.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function locked(lock: string): EngineError {
  return new EngineError("index-locked", `another Git command holds ${lock}`, {
    hint: "wait for it to end; if none runs, remove the file",
    retryable: true,
  });
}
