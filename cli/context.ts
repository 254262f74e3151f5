import type { Command } from "commander";
import type { Repository } from "../engine/repo/repository.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { CliIo } from "./io.ts";
import type { Live } from "./live/types.ts";
import { createPrinter, type OutputFormat, type Printer } from "./output/printer.ts";

/** One run of the CLI; a command leaves its exit code here. */
export interface CliHost {
  readonly io: CliIo;
  exitCode: ExitCode;
}

interface GlobalOptions {
  readonly repo?: string;
  readonly output: OutputFormat;
  readonly color: boolean;
}

/** What one command works with. Everything it opens is closed when it ends. */
export interface CommandContext {
  readonly io: CliIo;
  readonly printer: Printer;
  readonly signal: AbortSignal;
  /** `--repo`, or the folder that the command was started in. */
  readonly location: string;
  /** The repository, opened on first use. Throws what `openGit` throws. */
  repository(): Promise<Repository>;
  /** The engine that serves this repository; undefined where none runs. */
  live(): Promise<Live | undefined>;
  /** Called when the command ends, last one first. */
  defer(close: () => Promise<void>): void;
}

/** A command's work. Its result is the exit code; nothing is 0. */
type Action<Args extends unknown[]> = (
  context: CommandContext,
  ...args: Args
) => Promise<ExitCode | undefined>;

/** Makes a commander action of a command's work: builds its context, closes what it opened, keeps its exit code. */
export function bind<Args extends unknown[]>(
  host: CliHost,
  action: Action<Args>,
): (...args: unknown[]) => Promise<void> {
  return async (...all) => {
    // Commander hands over the arguments, the options and, last, the command; the action names their types.
    const command = all.at(-1) as Command;
    const args = all.slice(0, -1) as Args;
    const closers: (() => Promise<void>)[] = [];
    const context = createContext(host.io, command.optsWithGlobals<GlobalOptions>(), closers);
    try {
      host.exitCode = (await action(context, ...args)) ?? 0;
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  };
}

function createContext(io: CliIo, options: GlobalOptions, closers: (() => Promise<void>)[]): CommandContext {
  let repository: Promise<Repository> | undefined;
  let live: Promise<Live | undefined> | undefined;
  const location = options.repo ?? io.cwd;
  const context: CommandContext = {
    io,
    printer: createPrinter(io, { format: options.output, colours: options.color }),
    signal: io.signal,
    location,
    defer: (close) => void closers.push(close),
    repository: () => (repository ??= openOnce()),
    live: () => (live ??= findOnce()),
  };
  async function openOnce(): Promise<Repository> {
    const { openRepositoryAt } = await import("./open-repository.ts");
    const opened = await openRepositoryAt(io, location);
    closers.push(() => opened.close());
    return opened;
  }
  async function findOnce(): Promise<Live | undefined> {
    const { findEngine } = await import("./live/find-engine.ts");
    const found = await findEngine(io, await context.repository(), location);
    if (found !== undefined) closers.push(() => found.close());
    return found;
  }
  return context;
}
