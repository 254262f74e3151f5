import { pino, type Logger } from "pino";
import type { CliIo } from "../io.ts";
import { escapeLine } from "../output/escape-control.ts";
import { hasColours } from "../output/printer.ts";
import { createStyle, type Style } from "../output/style.ts";

/** The engine's log, to stderr: a line of JSON for programs, or one for people. */
export function createLog(io: CliIo, format: "text" | "json"): Logger {
  const style = createStyle(hasColours(io, io.stderr));
  const write =
    format === "json"
      ? (line: string) => io.stderr.write(line)
      : (line: string) => io.stderr.write(readable(line, style));
  return pino(
    { base: null, redact: ["token", "*.token", "headers", "*.headers"] },
    { write: (line: string) => void write(line) },
  );
}

const LEVELS: Readonly<Record<string, string>> = { 30: "info", 40: "warn", 50: "error", 60: "fatal" };

function readable(line: string, style: Style): string {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== "object" || parsed === null) return line;
  const { level, time, msg, ...facts } = parsed as Record<string, unknown>;
  const word = LEVELS[String(level)] ?? String(level);
  const clock = new Date(Number(time)).toISOString().slice(11, 19);
  const rest = Object.entries(facts).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const text = escapeLine([String(msg), ...rest].join(" "));
  return `${style("dim", clock)} ${style(word === "info" ? "cyan" : "red", word)} ${text}\n`;
}
