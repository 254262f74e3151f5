import type { Json } from "../model/kube-object.ts";
import type { Scalar } from "./resolve-scalar.ts";
import { YamlFault } from "./yaml-fault.ts";

const MAX_INT64 = 2n ** 63n - 1n;

/** A scalar as JSON. Throws `yaml-number-inexact` for a number that JSON or a double cannot carry exactly. */
export function scalarToJson(scalar: Scalar, offset: number): Json {
  if (typeof scalar === "bigint") {
    const number = Number(scalar);
    if (Number.isSafeInteger(number)) return number;
    const hint = "write it in quotes if it is text, or use a smaller number";
    throw new YamlFault(
      "yaml-number-inexact",
      "this number is 2^53 or more, where numbers get rounded",
      offset,
      hint,
    );
  }
  if (typeof scalar !== "number") return scalar;
  if (!Number.isFinite(scalar)) {
    const hint = "write it in quotes if it is text";
    throw new YamlFault("yaml-number-inexact", "JSON has no infinity and no NaN", offset, hint);
  }
  return scalar === 0 ? 0 : scalar;
}

/** A key as kubectl writes it into JSON. Throws `yaml-invalid` for null and for numbers that cannot be keys. */
export function scalarToKey(scalar: Scalar, offset: number): string {
  if (typeof scalar === "string") return scalar;
  if (typeof scalar === "number") return floatKey(scalar);
  if (scalar === null || (typeof scalar === "bigint" && (scalar > MAX_INT64 || scalar < -MAX_INT64 - 1n))) {
    throw new YamlFault("yaml-invalid", `${scalar ?? "null"} cannot be a key`, offset, "write it in quotes");
  }
  return String(scalar);
}

/** strconv.FormatFloat(value, 'g', -1, 32): sigs.k8s.io/yaml writes float keys with the digits of a float32. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? ".inf" : "-.inf";
  if (single === 0) return Object.is(value, -0) ? "-0" : "0";
  let precision = 1;
  while (Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [mantissa = "", exponentText = "0"] = single.toExponential(precision - 1).split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(Number(single.toPrecision(precision)));
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
