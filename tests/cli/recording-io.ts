import { PassThrough } from "node:stream";
import type { CliIo } from "../../cli/io.ts";

/** An io whose output a test can read. */
export function recordingIo(): { readonly io: CliIo; readonly out: string[]; readonly err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    stdin: new PassThrough(),
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    env: {},
    cwd: "/",
    serviceAccount: "/nowhere",
    signal: new AbortController().signal,
    leaveInterrupts: (work) => work(),
  };
  return { io, out, err };
}
