import { isJsonObject, type Json } from "../../model/kube-object.ts";
import { asList, asMap } from "../json-parts.ts";

/** A LabelSelector (meta/v1) as text for a query; undefined where it selects nothing or is not well formed. */
export function selectorText(selector: Json | undefined): string | undefined {
  const { matchLabels, matchExpressions } = asMap(selector);
  const labels = Object.entries(asMap(matchLabels)).map(([key, value]) =>
    typeof value === "string" ? `${key}=${value}` : undefined,
  );
  const expressions = asList(matchExpressions).filter(isJsonObject).map(expressionText);
  const parts = [...labels, ...expressions];
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join(",");
}

function expressionText(expression: ReturnType<typeof asMap>): string | undefined {
  const { key, operator } = expression;
  const values = asList(expression.values)
    .filter((value) => typeof value === "string")
    .join(",");
  if (typeof key !== "string") return undefined;
  switch (operator) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return undefined;
  }
}
