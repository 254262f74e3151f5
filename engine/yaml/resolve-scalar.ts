/** What a plain scalar of YAML means to kubectl. */
export type Resolved = { readonly value: null | boolean | number | string } | { readonly inexact: string };

const WORDS = new Map<string, null | boolean>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, true] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, false] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
]);
const NOT_A_NUMBER = new Set([
  ".nan",
  ".NaN",
  ".NAN",
  ".inf",
  ".Inf",
  ".INF",
  "+.inf",
  "+.Inf",
  "+.INF",
  "-.inf",
  "-.Inf",
  "-.INF",
]);

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const DOTTED_FLOAT = /^\.[0-9]+(_?[0-9])*([eE][-+]?[0-9]+)?$/;

/**
 * Reads a plain scalar as kubectl does. Source: resolve() of go.yaml.in/yaml/v2, which sigs.k8s.io/yaml uses: YAML 1.1
 * words, octal with a leading zero, underscores in numbers, no base 60, timestamps as strings.
 * Numbers that JSON or a double cannot carry exactly are `inexact`, with the reason.
 */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return { value: word };
  if (NOT_A_NUMBER.has(text)) return { inexact: "JSON has no such number" };
  const first = text[0] ?? "";
  if (first === ".") return DOTTED_FLOAT.test(text) ? resolveFloat(text) : { value: text };
  if (!/[-+0-9]/.test(first)) return { value: text };
  const plain = text.replaceAll("_", "");
  const integer = INTEGER.exec(plain);
  if (integer !== null) return resolveInteger(integer[1] ?? "", integer[2] ?? "", text);
  return FLOAT.test(plain) ? resolveFloat(plain) : { value: text };
}

function resolveInteger(sign: string, digits: string, text: string): Resolved {
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const magnitude = BigInt(octal.toLowerCase());
  const value = sign === "-" ? -magnitude : magnitude;
  if (magnitude > BigInt(Number.MAX_SAFE_INTEGER))
    return { inexact: `${text} is beyond 2^53, where numbers get rounded` };
  return { value: Number(value) };
}

function resolveFloat(text: string): Resolved {
  const value = Number(text);
  return Number.isFinite(value)
    ? { value: value === 0 ? 0 : value }
    : { inexact: `${text} is beyond what a number can hold` };
}
