import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tryLock, waitForLock } from "./file-lock.ts";

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "strata-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "lock");
}

test("one of many takers gets the lock, and the next when it is given back", async () => {
  const path = await lockPath();
  for (let round = 0; round < 3; round += 1) {
    const taken = (await Promise.all(Array.from({ length: 20 }, () => tryLock(path)))).filter(Boolean);
    expect(taken).toHaveLength(1);
    expect(await readdir(join(path, ".."))).toEqual(["lock"]);
    await taken[0]?.();
  }
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("who waits is told once, and gets the lock", async () => {
  const path = await lockPath();
  const unlock = await tryLock(path);
  let told = 0;
  const waiting = waitForLock(path, AbortSignal.timeout(20_000), () => {
    told += 1;
    void unlock?.();
  });
  await (await waiting)();
  expect(told).toBe(1);
});

test("waiting ends with its signal", async () => {
  const path = await lockPath();
  const unlock = await tryLock(path);
  const stop = new AbortController();
  await expect(waitForLock(path, stop.signal, () => stop.abort())).rejects.toThrow("aborted");
  await unlock?.();
});

test("a lock that nobody refreshes is taken over, and its first holder does not give it back", async () => {
  const path = await lockPath();
  await writeFile(path, "");
  const old = new Date(Date.now() - 60_000);
  await utimes(path, old, old);
  const first = await tryLock(path);
  expect(first).toBeDefined();
  expect(await tryLock(path)).toBeUndefined();
  await utimes(path, old, old);
  const second = await tryLock(path);
  expect(second).toBeDefined();
  await first?.();
  expect((await stat(path)).isFile()).toBe(true);
  await second?.();
});
