import type { Readable } from "node:stream";

/** A stream that the CLI writes to; a terminal where `isTTY` is true. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The world of one run of the CLI. */
export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder where Kubernetes puts the service account of a Pod into its containers; there in a Pod only. */
  readonly serviceAccount: string;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** While `work` is done, Ctrl-C is for another program in the terminal, and does not interrupt. */
  readonly leaveInterrupts: <T>(work: () => Promise<T>) => Promise<T>;
}
