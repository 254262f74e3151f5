import { resolvePlain, type Scalar } from "./resolve-scalar.ts";

const PREFIX = "tag:yaml.org,2002:";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;

/** The full name of a tag as written: `!!str`, `!<tag:yaml.org,2002:str>` and `!foo` → `tag:yaml.org,2002:str`, the same, `!foo`. */
export function tagName(written: string): string {
  if (written.startsWith("!!")) return PREFIX + written.slice(2);
  return written.startsWith("!<") && written.endsWith(">") ? written.slice(2, -1) : written;
}

/**
 * Reads a scalar with an explicit tag as kubectl does, or says why it cannot: `{ refused }`.
 * Tags that YAML does not define leave the text as it is.
 */
export function resolveTagged(
  tag: string,
  text: string,
): { readonly scalar: Scalar } | { readonly refused: string } {
  const short = tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : "";
  if (short === "binary") return resolveBinary(text);
  if (!["bool", "int", "float", "null", "timestamp"].includes(short)) return { scalar: text };
  if (short === "timestamp") return TIMESTAMP.test(text) ? { scalar: text } : mismatch(short);
  const scalar = resolvePlain(text);
  if (short === "float" && typeof scalar === "bigint") return { scalar: Number(scalar) };
  return kindOf(scalar) === short ? { scalar } : mismatch(short);
}

function kindOf(scalar: Scalar): string {
  if (scalar === null) return "null";
  const kinds: Partial<Record<string, string>> = { boolean: "bool", bigint: "int", number: "float" };
  return kinds[typeof scalar] ?? "str";
}

function mismatch(short: string): { readonly refused: string } {
  return { refused: `this text is no !!${short}` };
}

function resolveBinary(text: string): { readonly scalar: Scalar } | { readonly refused: string } {
  const base64 = text.replaceAll(/[\r\n]/g, "");
  if (!BASE64.test(base64)) return { refused: "!!binary must be base64" };
  try {
    return {
      scalar: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        Buffer.from(base64, "base64"),
      ),
    };
  } catch {
    return { refused: "!!binary holds no UTF-8 text; write the base64 as a plain string" };
  }
}
