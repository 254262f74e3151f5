import type { Json } from "../model/kube-object.ts";
import type { Outline } from "./outline.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import { isLiteral, quote, writeString } from "./write-scalar.ts";
import { writeInline, writeJson } from "./write-yaml.ts";

/** How a value is written in one line. */
export type Style = "block" | "flow" | "json";

/** A value in one line in place of another: text keeps its quotes, an octal or hexadecimal number its base. */
export function writeLike(text: string, old: Outline, value: Json, style: Style): string {
  if (style === "json") return writeJson(value);
  if (typeof value === "number") return writeNumberLike(text.slice(old.body, old.end), value);
  if (typeof value !== "string" || old.kind !== "scalar") return writeInline(value);
  if (old.style === "double") return quote(value);
  const plain = writeString(value, style);
  if (old.style !== "single" || (plain !== value && /[^\x20-\x7e]/.test(value))) return plain;
  return `'${value.replaceAll("'", "''")}'`;
}

const BASES: readonly (readonly [RegExp, string, number])[] = [
  [/^0[0-7]+$/, "0", 8],
  [/^0o[0-7]+$/, "0o", 8],
  [/^0x[0-9a-fA-F]+$/, "0x", 16],
];

function writeNumberLike(old: string, value: number): string {
  const base = BASES.find(([pattern]) => pattern.test(old));
  if (base === undefined || !Number.isSafeInteger(value)) return writeInline(value);
  const written = base[1] + value.toString(base[2]);
  return resolvePlain(written) === BigInt(value) ? written : writeInline(value);
}

/** What a block scalar becomes: its indicators, and its lines as they stand in the text, indented. */
export interface BlockScalar {
  readonly indicators: string;
  readonly lines: readonly string[];
}

/** A text as a block scalar in place of another, folded where that was; undefined where it needs quotes. */
export function blockLike(text: string, old: Outline, value: string): BlockScalar | undefined {
  const [, style, signs = ""] = /^([|>])([-+0-9]*)/.exec(text.slice(old.body, old.body + 4)) ?? [];
  const body = value.replace(/\n+$/, "");
  if (style === undefined || /[0-9]/.test(signs) || !isLiteral(body)) return undefined;
  const ends = value.length - body.length;
  const chomping = ends === 0 ? "-" : ends > 1 || signs.includes("+") ? "+" : "";
  const folded = style === ">" && !/\n\s/.test(body.replaceAll(/\n+/g, "\n"));
  const lines = (folded ? body.replaceAll(/\n+/g, "$&\n") : body).split("\n");
  const indentation = " ".repeat(indentationOf(text.slice(old.body, old.end)));
  const kept = Array.from({ length: Math.max(ends - 1, 0) }, () => "");
  return {
    indicators: (folded ? ">" : "|") + chomping,
    lines: [...lines.map((line) => (line === "" ? "" : indentation + line)), ...kept],
  };
}

function indentationOf(written: string): number {
  return /\n( +)\S/.exec(written)?.[1]?.length ?? 0;
}
