import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { once } from "node:events";

/** What kubectl printed and how it ended. */
export interface KubectlRun {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 where it was ended from outside. */
  readonly code: number;
}

export interface Kubectl {
  readonly program: string;
  readonly kubeconfig: string;
  readonly context: string;
  /** Where it keeps what it knows of servers: never the user's own, where an old server of this port may be known. */
  readonly cache: string;
}

/** Runs the stock kubectl on one cluster; resolves with any exit code, and ends it after two minutes. */
export async function runKubectl(kubectl: Kubectl, args: readonly string[], stdin = ""): Promise<KubectlRun> {
  const { program, kubeconfig, context, cache } = kubectl;
  const all = ["--kubeconfig", kubeconfig, "--context", context, "--cache-dir", cache, ...args];
  const child = spawn(program, all, { stdio: "pipe", timeout: 120_000 });
  // One that refuses its arguments is gone before it reads them
  child.stdin.once("error", () => undefined);
  child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { stdout, stderr, code: child.exitCode ?? -1 };
}
