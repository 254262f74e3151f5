import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { engineFile } from "./engine-file.ts";
import { isAlive, linkIfFree } from "./exclusive-file.ts";

/** The id of a repository's engines on one machine, and the process that has it, or had it last. */
const IdRecord = z.object({ id: z.string().min(1), pid: z.int().positive() });
type IdRecord = z.infer<typeof IdRecord>;

/** Times that others may get in between. */
const ATTEMPTS = 5;

/**
 * The id under which this process takes turns at clusters: that of the engine before it on this repository and machine,
 * so that it goes on at once where that one was killed. Where a process has that id now, another one for this process
 * alone: two of a kind wait for each other as two machines do.
 * @param host name of this machine, as people know it
 */
export async function claimEngineId(stateFolder: string, repository: string, host: string): Promise<string> {
  const file = engineFile(stateFolder, repository).replace(/json$/, "id");
  const fresh = `${host}-${randomBytes(4).toString("hex")}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let id = fresh;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (await writeIfFree(file, { id, pid: process.pid })) return id;
    const taken = await takeAside(file);
    if (taken === "in-use") return fresh;
    // A folder that two machines share has the id of one of them
    if (taken?.id.startsWith(`${host}-`) === true) id = taken.id;
  }
  return fresh;
}

async function writeIfFree(file: string, record: IdRecord): Promise<boolean> {
  const draft = `${file}.${randomUUID()}.draft`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: "wx" });
  try {
    return await linkIfFree(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes away what a process that is no more left; undefined where that is nothing. */
async function takeAside(file: string): Promise<IdRecord | "in-use" | undefined> {
  const seen = await readRecord(file);
  if (seen !== undefined && isAlive(seen.pid)) return "in-use";
  const aside = `${file}.${randomUUID()}.stale`;
  try {
    await rename(file, aside);
    const taken = await readRecord(aside);
    if (taken === undefined || !isAlive(taken.pid)) return taken;
    // Another process was quicker: it gets its file back
    await linkIfFree(aside, file);
    return "in-use";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readRecord(file: string): Promise<IdRecord | undefined> {
  try {
    return IdRecord.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
