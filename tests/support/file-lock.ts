import { randomBytes } from "node:crypto";
import { type FileHandle, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const BEAT = 2_000;
const STALE = 30_000;

/** Gives a lock back; a second call does nothing. */
export type Unlock = () => Promise<void>;

/**
 * Takes the lock that the file `path` stands for, among all processes; undefined where another holds it.
 * The holder refreshes the file's time: a lock that was not refreshed for 30 s belongs to nobody.
 */
export async function tryLock(path: string): Promise<Unlock | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const own = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(own, "wx");
  try {
    if (await isStale(path)) await removeStale(path, own);
    await link(own, path);
  } catch (error) {
    await file.close();
    if (hasCode(error, "EEXIST")) return undefined;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
  return keep(path, file);
}

/** Waits for the lock; `onWait` is told once where another holds it. */
export async function waitForLock(path: string, signal: AbortSignal, onWait: () => void): Promise<Unlock> {
  for (let first = true; ; first = false) {
    const unlock = await tryLock(path);
    if (unlock !== undefined) return unlock;
    if (first) onWait();
    await delay(500, undefined, { signal });
  }
}

function keep(path: string, file: FileHandle): Unlock {
  const refresh = (): void => {
    const now = new Date();
    // A lock that cannot be refreshed becomes stale, which is what its next taker looks at
    file.utimes(now, now).catch(() => undefined);
  };
  const beat = setInterval(refresh, BEAT).unref();
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    clearInterval(beat);
    const [mine, there] = [await file.stat(), await statOrNothing(path)];
    if (there?.ino === mine.ino) await rm(path, { force: true });
    await file.close();
  };
}

/** Two takers may see the same stale lock: what the slower one moves away is then the faster one's, and goes back. */
async function removeStale(path: string, own: string): Promise<void> {
  const aside = `${own}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (!(await isStale(aside))) await link(aside, path);
  await rm(aside, { force: true });
}

async function isStale(path: string): Promise<boolean> {
  const found = await statOrNothing(path);
  return found !== undefined && Date.now() - found.mtimeMs > STALE;
}

async function statOrNothing(path: string): Promise<{ ino: number; mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
