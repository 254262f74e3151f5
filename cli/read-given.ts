import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readText } from "node:stream/consumers";
import { EngineError } from "../engine/model/errors.ts";
import type { CommandContext } from "./context.ts";

/** The text of a file that the user names, or of standard input for `-`. Throws `usage`. */
export async function readGiven({ io }: CommandContext, file: string): Promise<string> {
  if (file === "-") return readText(io.stdin);
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new EngineError("usage", `cannot read ${file}`, {
      cause: error,
      hint: "name a file that is there, or `-`",
    });
  }
}
