/**
 * What could move a terminal's cursor, change its state or reorder what is read: C0 and C1 controls, line separators
 * and the bidirectional controls (https://trojansource.codes).
 */
const UNSAFE = /[[\p{Cc}--[\n\t]]\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gv;

/** Text of a repository or a cluster made safe for a terminal; line breaks and tabs stay. */
export function escapeControl(text: string): string {
  return text.replaceAll(UNSAFE, (char) => `\\u${hex(char)}`);
}

/** The same for one line: line breaks and tabs are shown as spaces. */
export function escapeLine(text: string): string {
  return escapeControl(text.replaceAll(/\r?\n|\t/g, " "));
}

/** JSON of `value`, whose strings hold no character that a terminal would act on. It parses to the same data. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return text.replaceAll(UNSAFE, (char) => `\\u${hex(char)}`);
}

function hex(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
}
