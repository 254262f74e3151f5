import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine/model/errors.ts";
import { isAlive, linkIfFree } from "./exclusive-file.ts";

/** How to reach the engine of one repository. */
export const EngineRecord = z.object({
  /** What the engine serves: the real path of a Git directory, or the URL of a remote. */
  repository: z.string(),
  address: z.url(),
  token: z.string().min(1),
  pid: z.int().positive(),
});
export type EngineRecord = z.infer<typeof EngineRecord>;

/** The file of a repository's engine below `stateFolder`. */
export function engineFile(stateFolder: string, repository: string): string {
  const name = createHash("sha256").update(repository).digest("hex").slice(0, 32);
  return join(stateFolder, "engines", `${name}.json`);
}

/**
 * Writes an engine down for its user alone. Of two at one moment one succeeds; the other, and any that comes while it
 * runs, gets `engine-running` with its pid. Returns what removes the file again.
 */
export async function claimEngineFile(
  stateFolder: string,
  record: EngineRecord,
): Promise<() => Promise<void>> {
  const file = engineFile(stateFolder, record.repository);
  const folder = join(stateFolder, "engines");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const draft = join(folder, `${randomUUID()}.draft`);
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    // A hard link is made only where no file is, and the file is complete from its first moment.
    while (!(await linkIfFree(draft, file))) await refuseIfRunning(stateFolder, record.repository);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    const now = await parseFile(file);
    if (now?.token === record.token) await rm(file, { force: true });
  };
}

/** The running engine of a repository; undefined where none runs. A file that a dead engine left is removed. */
export async function readEngineFile(
  stateFolder: string,
  repository: string,
): Promise<EngineRecord | undefined> {
  const file = engineFile(stateFolder, repository);
  const record = await parseFile(file);
  if (record !== undefined && isAlive(record.pid) && (await isListening(record.address))) return record;
  await removeStale(file, record?.token);
  return undefined;
}

/** Removes a dead engine's file, unless a new engine has written its own there meanwhile. */
async function removeStale(file: string, token: string | undefined): Promise<void> {
  const aside = `${file}.${randomUUID()}.stale`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  if ((await parseFile(aside))?.token !== token) await linkIfFree(aside, file);
  await rm(aside, { force: true });
}

async function refuseIfRunning(stateFolder: string, repository: string): Promise<void> {
  const running = await readEngineFile(stateFolder, repository);
  if (running === undefined) return;
  throw new EngineError(
    "engine-running",
    `an engine serves this repository already (pid ${running.pid}, ${running.address})`,
    {
      hint: `stop it first: kill ${running.pid}`,
      data: { pid: running.pid, address: running.address },
    },
  );
}

async function parseFile(file: string): Promise<EngineRecord | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return EngineRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** False only where nothing listens at the address: the pid is another process's by now. */
function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: 2_000 });
    const end = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(true));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code !== "ECONNREFUSED"));
  });
}
