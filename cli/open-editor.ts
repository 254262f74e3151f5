import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../engine/model/errors.ts";
import type { CliIo } from "./io.ts";
import { usageError } from "./usage-error.ts";

export interface EditedText {
  readonly text: string;
  /** Where the text lies until it is discarded. */
  readonly file: string;
  discard(): Promise<void>;
}

/** Lets the user edit a text in $VISUAL or $EDITOR, as Git does: through the shell. Throws `usage`, `editor-failed`. */
export async function openEditor(io: CliIo, name: string, text: string): Promise<EditedText> {
  const editor = [io.env.VISUAL, io.env.EDITOR].find((one) => one !== undefined && one !== "");
  if (editor === undefined)
    throw usageError("no editor is set", "export EDITOR=vi, or give the text with --file");
  const folder = await mkdtemp(join(tmpdir(), "strata-edit-"));
  const file = join(folder, name);
  await writeFile(file, text, { mode: 0o600 });
  const child = spawn("/bin/sh", ["-c", `${editor} "$@"`, editor, file], {
    stdio: "inherit",
    env: { ...io.env },
  });
  // No deadline: a person writes as long as they like.
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new EngineError(
      "editor-failed",
      `the editor ended with code ${String(code)}; nothing was changed`,
      { hint: `your text is in ${file}` },
    );
  }
  const discard = () => rm(folder, { recursive: true, force: true });
  return { text: await readFile(file, "utf8"), file, discard };
}
