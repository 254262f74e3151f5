import { once } from "node:events";
import { createInterface } from "node:readline";
import type { CliIo } from "./io.ts";

/** Whether a person can be asked: what they type comes in, and they see the question. */
export function isInteractive({ stdin, stderr }: CliIo): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on stderr; only a line that says yes is one. Rejects when the user interrupts. */
export async function askYesNo({ stdin, stderr, signal }: CliIo, question: string): Promise<boolean> {
  stderr.write(`${question} [y/N] `);
  // The terminal's own line editing, so that Ctrl-C stays an interrupt
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    const [answer]: unknown[] = await Promise.race([
      once(lines, "line", { signal }),
      once(lines, "close", { signal }),
    ]);
    if (typeof answer === "string") return /^\s*y(es)?\s*$/i.test(answer);
    stderr.write("\n");
    return false;
  } finally {
    lines.close();
  }
}
