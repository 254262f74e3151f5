/** What a scalar means before it becomes JSON: integers are bigints, so that none is rounded, and all other numbers floats. */
export type Scalar = null | boolean | bigint | number | string;

const WORDS = new Map<string, Scalar>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, true] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, false] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** First characters of what is not simply a string: all of {@link WORDS}, signs, digits, the point. */
const SPECIAL = /^[-+.0-9yYnNtTfFoO~]/;
const DECIMAL = /^[1-9][0-9]{0,14}$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const OLD_BINARY = /^0b([-+])([01]+)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** Go's own reading of a float that begins with a point: underscores only between digits. */
const POINT_FLOAT = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * Reads a plain scalar as kubectl does: words of YAML 1.1, octal with a leading zero, underscores in numbers, no base
 * 60, timestamps as strings. Source: resolve() of go.yaml.in/yaml/v2, on which sigs.k8s.io/yaml rests.
 */
export function resolvePlain(text: string): Scalar {
  if (!SPECIAL.test(text)) return text === "" ? null : text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  if (first > 57) return text;
  if (DECIMAL.test(text)) return BigInt(text);
  if (first === 46) return POINT_FLOAT.test(text) ? resolveFloat(text.replaceAll("_", ""), text) : text;
  const plain = text.replaceAll("_", "");
  return resolveInteger(plain) ?? (FLOAT.test(plain) ? resolveFloat(plain, text) : text);
}

function resolveInteger(plain: string): bigint | undefined {
  const old = OLD_BINARY.exec(plain);
  if (old !== null) return signed(old[1], `0b${old[2]}`);
  const match = INTEGER.exec(plain);
  const digits = match?.[2];
  if (digits === undefined) return undefined;
  const value = signed(match?.[1], /^0[0-7]/.test(digits) ? `0o${digits}` : digits.toLowerCase());
  // Go reads a decimal beyond 64 bits as a float, and no other number of that size; a decimal is left for the caller to refuse.
  const tooLong = value > MAX_UINT64 || value < -(2n ** 63n);
  return tooLong && /^0[xXbBoO]/.test(digits) ? undefined : value;
}

function signed(sign: string | undefined, digits: string): bigint {
  const magnitude = BigInt(digits);
  return sign === "-" ? -magnitude : magnitude;
}

/** A float, or the text itself where it is beyond a double: Go does not take that for a number. */
function resolveFloat(plain: string, text: string): Scalar {
  const value = Number(plain);
  return Number.isFinite(value) ? value : text;
}
