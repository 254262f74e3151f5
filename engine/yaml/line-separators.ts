import { EVENT_ID, SCALAR_STYLE } from "js-yaml";
import type { Parsed } from "./parse-events.ts";
import { YamlFault } from "./yaml-fault.ts";

const SEPARATOR = /[\u0085\u2028\u2029]/g;

/**
 * Refuses U+0085, U+2028 and U+2029 where kubectl takes them for line ends and the parser here does not: all but
 * U+2028 and U+2029 amid quoted text, where both keep them (JSON writers leave them there).
 */
export function refuseLineSeparators({ text, events }: Parsed): void {
  const found = [...text.matchAll(SEPARATOR)].map((match) => match.index);
  if (found.length === 0) return;
  const quoted = events.filter(
    (event) =>
      event.type === EVENT_ID.SCALAR &&
      (event.style === SCALAR_STYLE.DOUBLE_QUOTED || event.style === SCALAR_STYLE.SINGLE_QUOTED),
  );
  for (const offset of found) {
    const within = quoted.some(
      (event) => event.type === EVENT_ID.SCALAR && event.valueStart <= offset && offset < event.valueEnd,
    );
    if (
      !within ||
      text[offset] === "\u0085" ||
      /[\s\u0085\\]/.test(`${text[offset - 1]}${text[offset + 1]}`)
    ) {
      const code = `U+${text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0")}`;
      const hint = `write it as an escape in double quotes ("\\u${code.slice(2).toLowerCase()}"), or remove it`;
      throw new YamlFault(
        "yaml-invalid",
        `the invisible character ${code} ends a line for kubectl`,
        offset,
        hint,
      );
    }
  }
}
