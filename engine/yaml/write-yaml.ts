import { Document, isScalar, Scalar, stringify, visit } from "yaml";
import type { Json } from "../model/kube-object.ts";
import { resolvePlain } from "./resolve-scalar.ts";

/**
 * A value as block-style YAML that every reader understands alike: strings that YAML 1.1 or 1.2 would take for
 * something else are quoted.
 */
export function writeYaml(value: Json): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && typeof node.value === "string" && needsQuotes(node.value))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** One scalar or a small collection in flow style, as it stands in a line. */
export function writeInline(value: Json): string {
  if (typeof value === "string")
    return needsQuotes(value) ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => writeInline(item)).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${writeInline(key)}: ${writeInline(item)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** Whether a string, written plain, would be read as something else by some reader, or would break a line. */
export function needsQuotes(text: string): boolean {
  if (typeof resolvePlain(text) !== "string") return true;
  return /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$|^\d{4}-\d|^[=<]|[\n\r\u0085\u2028\u2029\uFEFF]|[,[\]{}]|^\s|\s$/.test(
    text,
  );
}
