import { isJsonObject, type Json } from "../../../engine/model/kube-object.ts";

type Step = (value: Json) => readonly Json[];

const TOKEN =
  /\.([\w-]+|\*)|\['((?:[^'\\]|\\.)*)'\]|\[(-?\d+|\*)\]|\[\?\(@\.([\w.-]+)\s*==\s*['"]([^'"]*)['"]\)\]/y;

/**
 * Reads the JSONPath of a CRD's column: fields, `['…']`, indexes, `*` and `[?(@.a=="b")]`. Returns what finds the
 * values; a path of another form finds nothing.
 */
export function parseJsonPath(path: string): (value: Json) => readonly Json[] {
  const steps: Step[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < path.length) {
    const [whole, field, quoted, index, key, wanted] = TOKEN.exec(path) ?? [];
    if (whole === undefined) return () => [];
    if (key !== undefined) steps.push(whereEqual(key.split("."), wanted ?? ""));
    else if (field === "*" || index === "*") steps.push(children);
    else if (index !== undefined) steps.push(itemAt(Number(index)));
    else steps.push(fieldNamed(field ?? (quoted ?? "").replaceAll(/\\(.)/g, "$1")));
  }
  return (value) => steps.reduce<readonly Json[]>((found, step) => found.flatMap(step), [value]);
}

function fieldNamed(name: string): Step {
  return (value) => {
    const child = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return child === undefined ? [] : [child];
  };
}

function children(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isJsonObject(value) ? Object.values(value) : [];
}

function itemAt(index: number): Step {
  return (value) => {
    const item = Array.isArray(value) ? (value as readonly Json[]).at(index) : undefined;
    return item === undefined ? [] : [item];
  };
}

function whereEqual(path: readonly string[], wanted: string): Step {
  const below = path.map(fieldNamed);
  const matches = (item: Json) =>
    below.reduce<readonly Json[]>((found, step) => found.flatMap(step), [item]).includes(wanted);
  return (value) => children(value).filter(matches);
}
