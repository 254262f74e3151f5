import { spawn } from "node:child_process";
import { once } from "node:events";
import { EngineError } from "../engine/model/errors.ts";
import type { CliIo } from "./io.ts";
import { usageError } from "./usage-error.ts";

/** With these the shell says that it found no such program, or may not run it. */
const NOT_RUN: readonly unknown[] = [126, 127];
const HINT = "export EDITOR=vi, or give the text with --file";

/**
 * Lets the user edit a file in $VISUAL or $EDITOR, as Git does: through the shell, so that it may have arguments, and
 * Ctrl-C is the editor's. Throws `usage` where there is no editor, `editor-failed` where it ends otherwise than with 0.
 */
export async function openEditor(io: CliIo, file: string): Promise<void> {
  const editor = [io.env.VISUAL, io.env.EDITOR].find((one) => (one ?? "").trim() !== "");
  if (editor === undefined) throw usageError("no editor is set", HINT);
  const [code, signal] = await io.leaveInterrupts(async () => {
    const child = spawn("/bin/sh", ["-c", `${editor} "$@"`, editor, file], {
      stdio: "inherit",
      env: { ...io.env },
    });
    // No deadline: a person writes as long as they like.
    return once(child, "exit");
  });
  if (code === 0) return;
  if (NOT_RUN.includes(code)) throw usageError(`the editor "${editor}" cannot be run`, HINT);
  const how = code === null ? `was ended by ${String(signal)}` : `ended with code ${String(code)}`;
  throw new EngineError("editor-failed", `the editor ${how}; nothing was changed`);
}
