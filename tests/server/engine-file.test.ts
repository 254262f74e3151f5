import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { claimEngineFile, engineFile, type EngineRecord, readEngineFile } from "../../server/engine-file.ts";

let folder: string;
let address: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "strata-state-"));
  const server = createServer((socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    server.close();
    await rm(folder, { recursive: true });
  };
});

function record(changes: Partial<EngineRecord> = {}): EngineRecord {
  return { repository: "/srv/fleet.git", address, token: "secret", pid: process.pid, ...changes };
}

async function deadPid(): Promise<number> {
  const child = spawn("true");
  await once(child, "close");
  return child.pid ?? 0;
}

async function freeAddress(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

describe("engine file", () => {
  test("is for its user alone and gone when released", async () => {
    const release = await claimEngineFile(folder, record());
    const file = engineFile(folder, "/srv/fleet.git");
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
    expect(((await stat(join(folder, "engines"))).mode & 0o777).toString(8)).toBe("700");
    expect(await readEngineFile(folder, "/srv/fleet.git")).toEqual(record());
    expect(await readEngineFile(folder, "/srv/other.git")).toBeUndefined();
    await release();
    expect(await readdir(join(folder, "engines"))).toEqual([]);
  });

  test("a second engine of one repository is refused with the pid of the first", async () => {
    await claimEngineFile(folder, record());
    const second = claimEngineFile(folder, record({ token: "other" }));
    await expect(second).rejects.toMatchObject({
      code: "engine-running",
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    expect((await readEngineFile(folder, "/srv/fleet.git"))?.token).toBe("secret");
    await claimEngineFile(folder, record({ repository: "/srv/other.git" }));
  });

  test("of many that start at one moment one wins", async () => {
    const claims = Array.from({ length: 12 }, (_, index) =>
      claimEngineFile(folder, record({ token: `token-${index}` })),
    );
    const results = await Promise.allSettled(claims);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await readdir(join(folder, "engines"))).toHaveLength(1);
  });

  test("what a dead engine left is ignored and replaced", async () => {
    const dead = await deadPid();
    await claimEngineFile(folder, record({ pid: dead, token: "left over" }));
    expect(await readEngineFile(folder, "/srv/fleet.git")).toBeUndefined();
    await claimEngineFile(folder, record({ pid: dead }));
    const release = await claimEngineFile(folder, record({ token: "new" }));
    onTestFinished(release);
    expect((await readEngineFile(folder, "/srv/fleet.git"))?.token).toBe("new");
  });

  test("a pid that another process has by now is no engine", async () => {
    await claimEngineFile(folder, record({ address: await freeAddress() }));
    expect(await readEngineFile(folder, "/srv/fleet.git")).toBeUndefined();
  });

  test("a file that cannot be read as a record is no engine", async () => {
    const release = await claimEngineFile(folder, record());
    await release();
    await writeFile(engineFile(folder, "/srv/fleet.git"), "{");
    expect(await readEngineFile(folder, "/srv/fleet.git")).toBeUndefined();
    await (await claimEngineFile(folder, record()))();
  });

  test("an engine removes only its own file", async () => {
    const first = await claimEngineFile(folder, record({ pid: await deadPid() }));
    await claimEngineFile(folder, record({ token: "second" }));
    await first();
    expect((await readEngineFile(folder, "/srv/fleet.git"))?.token).toBe("second");
  });
});
