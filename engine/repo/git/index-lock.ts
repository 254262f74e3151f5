import { readFileSync, rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
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
    clearAbandoned(index, lock);
    await delay(10 + Math.random() * 20, undefined, { signal });
  }
  const path = copyOf(index, process.pid);
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

function copyOf(index: string, owner: number): string {
  return `${index}.strata-${owner}`;
}

/** Synchronous, so that no other writer of this process claims the lock between the look and the removal. */
function clearAbandoned(index: string, lock: string): void {
  const owner = Number(OWNER.exec(readLock(lock))?.[1]);
  if (Number.isNaN(owner) || isRunning(owner)) return;
  rmSync(copyOf(index, owner), { force: true });
  rmSync(lock, { force: true });
}

function readLock(lock: string): string {
  try {
    return readFileSync(lock, "utf8");
  } catch (error) {
    // Let go in this instant.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
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
