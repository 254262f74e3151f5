import { EXIT_CODES } from "./exit-codes.ts";
import { runCli } from "./main.ts";

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Runs the CLI as this process: its arguments, streams, environment and signals. */
export async function runProcess(): Promise<void> {
  const interrupt = new AbortController();
  let left = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (signal === "SIGINT" && left > 0) return;
      if (interrupt.signal.aborted) process.exit(EXIT_CODES.interrupted);
      interrupt.abort(new Error(signal));
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // The reader has seen enough (`strata … | head`).
      if (error.code === "EPIPE") process.exit(EXIT_CODES.ok);
      throw error;
    });
  }
  const { stdin, stdout, stderr, env } = process;
  const io = {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    serviceAccount: SERVICE_ACCOUNT,
    signal: interrupt.signal,
    leaveInterrupts: async <T>(work: () => Promise<T>): Promise<T> => {
      left++;
      return work().finally(() => left--);
    },
  };
  // Should the event loop run dry before there is an answer, that is no success.
  process.exitCode = EXIT_CODES.failed;
  process.exitCode = await runCli(process.argv.slice(2), io);
}
