import { randomBytes } from "node:crypto";
import { promises } from "node:fs";
import { diskFull } from "./disk-full.ts";

/**
 * The files of this machine for isomorphic-git, of which none is ever half-written: it takes an object that is there
 * for complete, and would never write one again that a full disk cut off.
 */
export const wholeFiles = { promises: { ...promises, writeFile, mkdir } };

async function mkdir(path: string): Promise<void> {
  try {
    await promises.mkdir(path);
  } catch (error) {
    throw diskFull(String(error), path) ?? error;
  }
}

/** Writes beside the file, and renames. Throws `disk-full`, and what Node throws. */
async function writeFile(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await promises.writeFile(temporary, data);
    await promises.rename(temporary, path);
  } catch (error) {
    await promises.rm(temporary, { force: true });
    throw diskFull(String(error), path) ?? error;
  }
}
