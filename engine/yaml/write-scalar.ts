import { resolvePlain } from "./resolve-scalar.ts";

/** Where a scalar is to stand: in brackets, commas and brackets end it. */
export type Context = "block" | "flow";

/** What readers of YAML 1.1 take for a number, date, time, merge or "value", beside all that kubectl does. */
const MISREAD = /^[-+.]*[0-9][0-9_,.:eE+xXoObB-]*$|^[0-9]{4}-[0-9]|^=$|^<<$/;
/** `1.0.0` and `10.0.0.1` are text to every reader. */
const DOTTED = /^[0-9]+(\.[0-9]+){2,}$/;
const PLAIN_START = /^(?:[^\s?:,[\]{}#&*!|>'"%@`-]|-{1,2}[^\s-])/;
/** A colon or a hash where it means something, and the ends that a reader would cut off. */
const STRUCTURE = /:(?=\s|$)|\s#|\s$|^\.\.\./;
const FLOW_STRUCTURE = /[,[\]{}?]/;
const UNPRINTABLE = /[\p{Cc}\u00a0\u2028\u2029\ufeff\ufffe\uffff]/u;

/** A string on one line, in double quotes unless every reader takes it plain for the same text. */
export function writeString(text: string, context: Context): string {
  return isPlain(text, context) ? text : quote(text);
}

function isPlain(text: string, context: Context): boolean {
  if (!PLAIN_START.test(text) || STRUCTURE.test(text) || UNPRINTABLE.test(text) || !text.isWellFormed())
    return false;
  if (context === "flow" && FLOW_STRUCTURE.test(text)) return false;
  if (DOTTED.test(text)) return true;
  return !MISREAD.test(text) && typeof resolvePlain(text) === "string";
}

/** A string in double quotes, with what is invisible as escapes. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[\p{Cc}\u00a0\u2028\u2029\ufeff\ufffe\uffff]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/**
 * A text of several lines as a block scalar's head and lines (without indentation); undefined where a block scalar
 * would need an indentation indicator, escapes or kept line ends, which readers and people get wrong.
 */
export function literalLines(
  text: string,
): { readonly head: "|" | "|-"; readonly lines: readonly string[] } | undefined {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const lines = body.split("\n");
  if (lines.length < 2 && body === text) return undefined;
  if (body.endsWith("\n") || !isLiteral(body)) return undefined;
  return { head: body === text ? "|-" : "|", lines };
}

/** Whether a text may stand in a block scalar that says nothing of its indentation. */
export function isLiteral(body: string): boolean {
  if (body === "" || /^\s/.test(body) || !body.isWellFormed()) return false;
  return body.split("\n").every((line) => !UNPRINTABLE.test(line) && !/^\s+$/.test(line));
}

/** A number so that YAML 1.1 and 1.2 read the same one; integers beyond 2^53 as floats, which is what they are. */
export function writeNumber(value: number): string {
  const text =
    Number.isSafeInteger(value) || !Number.isInteger(value) ? JSON.stringify(value) : value.toExponential();
  return text.replace(/^(-?[0-9]+)e/, "$1.0e");
}
