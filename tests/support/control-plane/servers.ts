import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

/** A program that runs until it is stopped; its output goes into a file of the folder. */
export interface Server {
  readonly name: string;
  readonly pid: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export function startServer(name: string, program: string, args: readonly string[], folder: string): Server {
  const log = openSync(join(folder, `${name}.log`), "a");
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  const guard = startGuard(child);
  return {
    name,
    pid: child.pid ?? -1,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const impatient = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(impatient);
      guard.kill("SIGKILL");
    },
  };
}

/** A process that ends `child` when this process is gone, however it went: its standard input closes then. */
function startGuard(child: ChildProcess): ChildProcess {
  const guard = spawn(
    "sh",
    ["-c", 'cat > /dev/null; kill -9 "$1" 2> /dev/null', "guard", String(child.pid)],
    {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    },
  );
  guard.unref();
  return guard;
}

/** A port of the loopback address that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The end of a server's log, for errors. */
export async function logTail(name: string, folder: string): Promise<string> {
  const text = await readFile(join(folder, `${name}.log`), "utf8").catch(() => "");
  return text.split("\n").slice(-15).join("\n");
}
