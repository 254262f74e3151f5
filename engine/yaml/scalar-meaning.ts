import { getScalarValue, SCALAR_STYLE, type ScalarEvent } from "js-yaml";
import { resolvePlain, type Scalar } from "./resolve-scalar.ts";
import { resolveTagged, tagName } from "./resolve-tag.ts";
import { YamlFault } from "./yaml-fault.ts";

/** A scalar as it is written. */
interface Written {
  /** Its text, unquoted and unfolded. */
  readonly text: string;
  /** `!!str`, `!foo`, `!`; empty where there is none. */
  readonly tag: string;
  readonly plain: boolean;
  /** Where it stands: its quote, not its first letter; behind its tag where it is empty. */
  readonly offset: number;
  /** What stands behind it. */
  readonly next: string;
}

export function readWritten(source: string, event: ScalarEvent): Written {
  const end = event.valueEnd;
  return {
    text: getScalarValue(source, event),
    tag: event.tagStart === -1 ? "" : source.slice(event.tagStart, event.tagEnd),
    plain: event.style === SCALAR_STYLE.PLAIN,
    offset: offsetOf(event),
    next: end === -1 ? "" : source.slice(end, end + 2),
  };
}

/** Where a scalar stands in its source. */
export function offsetOf(event: ScalarEvent): number {
  if (event.valueStart === -1) return Math.max(event.tagEnd, event.anchorEnd, 0);
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? event.valueStart - 1 : event.valueStart;
}

/** Whether a key merges: a plain `<<`, or one that is tagged so; `"<<"` is a key like any other. */
export function isMergeKey({ text, tag, plain }: Written): boolean {
  if (text !== "<<") return false;
  return tag === "" ? plain : tag === "!" || tagName(tag) === "tag:yaml.org,2002:merge";
}

/** What kubectl takes a scalar for. Throws {@link YamlFault} where that is in doubt or nothing. */
export function meaningOf(written: Written, inBrackets: boolean): Scalar {
  const { text, tag, plain, offset } = written;
  if (plain && inBrackets) refuseDoubtful(written);
  if (tag === "" && plain) return resolvePlain(text);
  if (!text.isWellFormed())
    throw new YamlFault("yaml-invalid", "this text holds half of a surrogate pair", offset);
  if (tag === "") return text;
  const tagged = resolveTagged(tagName(tag), text);
  if ("refused" in tagged) throw new YamlFault("yaml-invalid", tagged.refused, offset);
  return tagged.scalar;
}

/** Plain text in brackets that YAML 1.1 reads otherwise than YAML 1.2: `[?x]`, `[:x]`, `{a:,b}`. */
function refuseDoubtful({ text, next, offset }: Written): void {
  if (!/^:|\?/.test(text) && !/^:[,[\]{}]/.test(next)) return;
  const message = 'in brackets, plain text with "?" or ":" means something else to kubectl';
  throw new YamlFault(
    "yaml-invalid",
    message,
    offset,
    "write it in quotes, and a space behind the colon of a key",
  );
}
