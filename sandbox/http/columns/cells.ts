import type { Json, JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { mapAt, mapsAt, numberAt, textAt } from "../../store/parts.ts";

/** One column of a Table. */
export interface Column {
  readonly name: string;
  readonly value: (object: KubeObject, now: Date) => Json;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

export const NAME: Column = { name: "Name", value: (object) => object.metadata.name };
export const AGE: Column = since("Age", "metadata", "creationTimestamp");
export const CREATED_AT: Column = {
  name: "Created At",
  value: (object) => textAt(object, "metadata", "creationTimestamp"),
};

export function text(name: string, ...path: readonly string[]): Column {
  return { name, value: (object) => textAt(object, ...path) || "<none>" };
}

export function count(name: string, ...path: readonly string[]): Column {
  return { name, value: (object) => numberAt(object, path, 0) };
}

/** How long ago the time at a path was. */
export function since(name: string, ...path: readonly string[]): Column {
  return { name, value: (object, now) => age(textAt(object, ...path), now) };
}

export function wide(column: Column): Column {
  return { ...column, wide: true };
}

/** `a=1,b=2`. */
export function pairs(map: JsonObject): string {
  const list = Object.entries(map).map(([key, value]) => `${key}=${typeof value === "string" ? value : ""}`);
  return list.length === 0 ? "<none>" : list.join(",");
}

/** A label selector as kubectl prints it: `a=1,b in (x,y),!c`. */
export function selectorText(selector: JsonObject): string {
  const labels = Object.entries(mapAt(selector, "matchLabels")).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : ""}`,
  );
  const rules = mapsAt(selector, "matchExpressions").map((rule) => {
    const [key, operator] = [textAt(rule, "key"), textAt(rule, "operator")];
    const values = Array.isArray(rule.values) ? rule.values.join(",") : "";
    if (operator === "Exists") return key;
    return operator === "DoesNotExist" ? `!${key}` : `${key} ${operator.toLowerCase()} (${values})`;
  });
  return [...labels, ...rules].join(",") || "<none>";
}

/** `a,b,c + 2 more...` for what a list may hold many of. */
export function firstThree(values: readonly string[]): string {
  if (values.length === 0) return "<none>";
  const more = values.length > 3 ? ` + ${values.length - 3} more...` : "";
  return `${values.slice(0, 3).join(",")}${more}`;
}

/** `5s`, `3m12s`, `2h5m`, `4d3h`, as kubectl shortens the span between a time and now. */
export function age(created: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(created)) / 1000));
  return Number.isFinite(seconds) ? duration(seconds) : "<unknown>";
}

/** A span of seconds, after `HumanDuration` of k8s.io/apimachinery. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years >= 8 || days % 365 === 0 ? `${years}y` : `${years}y${days % 365}d`;
}
