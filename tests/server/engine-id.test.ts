import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { claimEngineId } from "../../server/engine-id.ts";

const REPOSITORY = "/srv/fleet.git";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "strata-state-"));
  return () => rm(folder, { recursive: true });
});

/** A process of its own that claims the id, and stays. */
async function otherProcess(repository = REPOSITORY) {
  const code = `import { claimEngineId } from ${JSON.stringify(join(import.meta.dirname, "../../server/engine-id.ts"))};
    console.log(await claimEngineId(${JSON.stringify(folder)}, ${JSON.stringify(repository)}, "host"));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "close");
  };
  return { id: chunk.toString().trim(), end };
}

async function files(): Promise<string[]> {
  return (await readdir(join(folder, "engines"))).filter((name) => !name.endsWith(".id"));
}

describe("the id of an engine", () => {
  test("is that of the one before it on this machine, and tells the machine", async () => {
    const first = await otherProcess();
    expect(first.id).toMatch(/^host-[0-9a-f]{8}$/);
    await first.end();
    const second = await otherProcess();
    await second.end();
    expect(second.id).toBe(first.id);
    expect(await claimEngineId(folder, REPOSITORY, "host")).toBe(first.id);
    expect(await files()).toEqual([]);
  });

  test("is another one while a process has it, on another machine, and for another clone", async () => {
    const first = await otherProcess();
    const meanwhile = await claimEngineId(folder, REPOSITORY, "host");
    const clone = await otherProcess("/srv/clone/.git");
    await first.end();
    const elsewhere = await claimEngineId(folder, REPOSITORY, "other");
    expect(new Set([first.id, meanwhile, clone.id, elsewhere]).size).toBe(4);
    expect(elsewhere).toMatch(/^other-/);
    expect(await files()).toEqual([]);
  });

  test("is had by one of many that start at once", async () => {
    const before = await otherProcess();
    await before.end();
    const all = await Promise.all(Array.from({ length: 8 }, () => otherProcess()));
    const ids = all.map(({ id }) => id);
    expect(ids.filter((id) => id === before.id).length).toBeLessThanOrEqual(1);
    expect(new Set(ids).size).toBe(8);
    expect(await files()).toEqual([]);
  });

  test("is made anew where its file cannot be read", async () => {
    await claimEngineId(folder, REPOSITORY, "host");
    const [file = ""] = await readdir(join(folder, "engines"));
    await writeFile(join(folder, "engines", file), "{");
    const id = await claimEngineId(folder, REPOSITORY, "host");
    expect(JSON.parse(await readFile(join(folder, "engines", file), "utf8"))).toEqual({
      id,
      pid: process.pid,
    });
  });
});
