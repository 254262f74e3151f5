import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Guard } from "./guard.ts";

const READY_WITHIN = 120_000;

/** A program that runs until it is stopped. */
export interface Server {
  readonly name: string;
  /** Path of the file that its output goes to. */
  readonly log: string;
  hasEnded(): boolean;
  /** Ends it, by force where `signal` does not within 10 s, and resolves when it has ended. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

export interface ServerOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where its log `<name>.log` goes. */
  readonly folder: string;
  readonly guard: Guard;
}

export function startServer({ name, program, args, folder, guard }: ServerOptions): Server {
  const log = join(folder, `${name}.log`);
  const file = openSync(log, "a");
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", file, file] });
  closeSync(file);
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid);
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      if (pid !== undefined) guard.release(pid);
      resolve();
    };
    child.once("close", end);
    child.once("error", end);
  });
  return {
    name,
    log,
    hasEnded: () => isOver,
    stop: async (signal) => {
      if (!isOver) child.kill(signal);
      const impatient = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(impatient);
    },
  };
}

/** A server that ended, or did not become ready in time; the message has the end of its log. */
export class ServerFailed extends Error {
  readonly isPortTaken: boolean;

  constructor(what: string, log: string) {
    super(`${what}; its log ends with\n${log}`);
    this.isPortTaken = log.includes("address already in use");
  }
}

/** Polls until `isReady` says yes; a failed attempt counts as no. Throws {@link ServerFailed} after two minutes. */
export async function waitFor(
  server: Server,
  isReady: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN; ; await delay(100, undefined, { signal })) {
    if (server.hasEnded()) throw new ServerFailed(`${server.name} ended`, await logTail(server));
    if (await isReady().catch(() => false)) return;
    if (Date.now() > deadline) throw new ServerFailed(`${server.name} is not ready`, await logTail(server));
  }
}

/** Starts a server anew, with other ports, where one of its ports was taken in the meantime. */
export async function retryTakenPort<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof ServerFailed && error.isPortTaken) || attempt === 5) throw error;
    }
  }
}

async function logTail(server: Server): Promise<string> {
  const text = await readFile(server.log, "utf8").catch(() => "");
  return text.split("\n").slice(-15).join("\n");
}
