import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../engine/model/errors.ts";
import type { CommandContext } from "./context.ts";
import { openEditor } from "./open-editor.ts";
import { decodeText } from "./read-given.ts";

/** Texts by the names of their files. */
type Texts = ReadonlyMap<string, string>;

/**
 * Lets the user edit texts, one after another, and does `use` with what they became. They may hold Secrets: the files
 * lie in a folder that only the user can read, and go when `use` is done. What a user typed is not lost: where anything
 * fails, and after a dry run, texts that were changed stay, and are named. Throws what `openEditor` throws, and what
 * `use` throws.
 */
export async function editByHand<T>(
  context: CommandContext,
  { texts, dryRun }: { readonly texts: Texts; readonly dryRun: boolean | undefined },
  use: (edited: Texts) => Promise<T>,
): Promise<T> {
  // Made with mode 0700
  const folder = await mkdtemp(join(tmpdir(), "strata-edit-"));
  try {
    const result = await use(await editAll(context, folder, texts));
    const kept = dryRun === true ? await keepChanged(folder, texts) : [];
    if (kept.length > 0) context.printer.note(whereKept(kept));
    else await rm(folder, { recursive: true, force: true });
    return result;
  } catch (error) {
    const kept = await keepChanged(folder, texts);
    if (kept.length > 0) throw sayWhere(context, error, whereKept(kept));
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function editAll({ io }: CommandContext, folder: string, texts: Texts): Promise<Texts> {
  for (const [name, text] of texts) await writeFile(join(folder, name), text, { mode: 0o600 });
  const edited = new Map<string, string>();
  for (const name of texts.keys()) {
    const file = join(folder, name);
    await openEditor(io, file);
    const data = await readIfThere(file);
    if (data === undefined)
      throw new EngineError("editor-failed", "the editor left no file; nothing was changed");
    edited.set(name, decodeText(data, file));
  }
  return edited;
}

/** Keeps the files that the user changed, and no other. */
async function keepChanged(folder: string, texts: Texts): Promise<string[]> {
  const kept: string[] = [];
  for (const [name, text] of texts) {
    const file = join(folder, name);
    const data = await readIfThere(file);
    if (data !== undefined && !data.equals(Buffer.from(text, "utf8"))) kept.push(file);
    else await rm(file, { force: true });
  }
  return kept;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function whereKept(files: readonly string[]): string {
  return `your text is in ${files.join(" and ")}; give it with --file`;
}

/** The error with the place in its hint; beside it, where no hint is printed. */
function sayWhere({ io, printer }: CommandContext, error: unknown, where: string): unknown {
  if (!(error instanceof EngineError) || io.signal.aborted) {
    printer.note(where);
    return error;
  }
  const { code, message, place, hint, cause, retryable, problems, data } = error;
  const both = hint === undefined ? where : `${hint}; ${where}`;
  return new EngineError(code, message, { ...place, hint: both, cause, retryable, problems, data });
}
