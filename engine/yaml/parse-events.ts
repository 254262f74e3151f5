import { type Event, parseEvents, YAMLException } from "js-yaml";
import { YamlFault } from "./yaml-fault.ts";

/** Far below what the parser's recursion takes (about 3000), far above what any object needs; kubectl takes 10,000. */
const MAX_DEPTH = 1000;
/** Characters that may be parsed again to pad lines, which bounds the work for a hostile file to about a second. */
const MAX_REPARSED = 20_000_000;
const PAD = 64;

/** The events of one document. */
export interface Parsed {
  /** What the offsets of the events count in: the text that was given, with some lines indented further. */
  readonly text: string;
  readonly events: readonly Event[];
  /** Where {@link PAD} spaces each were put in, ascending. */
  readonly pads: readonly number[];
}

/**
 * Parses one document. YAML 1.2 wants what goes on over several lines in quotes or brackets to be indented; YAML 1.1,
 * kubectl and many manifests do not (`args: [` … `]` in the first column). Indentation means nothing there, so such
 * lines are indented and read again. Throws {@link YamlFault}, its offset in the text that was given.
 */
export function parseDocument(source: string): Parsed {
  const pads: number[] = [];
  let text = source;
  for (let reparsed = 0; ; reparsed += text.length) {
    try {
      return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), pads };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const offset = error.mark?.position ?? 0;
      const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
      const isIndentation = text.slice(lineStart, offset).trim() === "";
      if (error.reason !== "deficient indentation" || !isIndentation || reparsed > MAX_REPARSED) {
        throw faultOf(error, source, givenOffset(pads, offset));
      }
      const last = pads.at(-1) ?? -1;
      pads.push(last >= lineStart ? last + PAD : lineStart);
      text = text.slice(0, lineStart) + " ".repeat(PAD) + text.slice(lineStart);
    }
  }
}

/** An offset in the parsed text as one in the text that was given. */
export function givenOffset(pads: readonly number[], offset: number): number {
  let low = 0;
  let high = pads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pads[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return offset;
  return offset - PAD * (low - 1) - Math.min(PAD, offset - (pads[low - 1] ?? 0));
}

/** What the parser says without the text that it stumbled over: it may be the value of a Secret. */
function withoutQuote(reason: string): string {
  return reason.replace(/(:| ") *.*$/s, "");
}

function faultOf(error: YAMLException, source: string, offset: number): YamlFault {
  if (error.reason.startsWith("nesting exceeded")) {
    return new YamlFault("yaml-too-deep", `this is more than ${MAX_DEPTH} levels deep`, offset);
  }
  const lineStart = source.lastIndexOf("\n", offset - 1) + 1;
  const tab = source[offset] === "\t" || source.slice(lineStart, offset).includes("\t");
  const hint = tab ? "indent with spaces, not with tabs" : "check indentation and quotes around this place";
  return new YamlFault("yaml-invalid", withoutQuote(error.reason), offset, hint);
}
