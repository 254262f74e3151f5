import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { EngineError } from "../engine/model/errors.ts";
import type { CommandContext } from "./context.ts";
import { usageError } from "./usage-error.ts";

/** The text of a file that the user names, or of standard input for `-`. Throws `usage`. */
export async function readGiven({ io }: CommandContext, file: string): Promise<string> {
  if (file === "-") return decodeText(await buffer(io.stdin), "standard input");
  return decodeText(await readNamed(resolve(io.cwd, file), file), file);
}

async function readNamed(path: string, name: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new EngineError("usage", `cannot read ${name}`, {
      cause: error,
      hint: "name a file that is there, or `-`",
    });
  }
}

/** Bytes that a user gave, as they are. Throws `usage` where they are no UTF-8. */
export function decodeText(data: Buffer, name: string): string {
  if (isUtf8(data)) return data.toString("utf8");
  throw usageError(`${name} is not UTF-8`, "save it as UTF-8");
}
