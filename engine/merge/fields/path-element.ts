import { EngineError } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/kube-object.ts";

/**
 * A path element in FieldsV1 notation and canonical form: `f:name` a field, `k:{"name":"web"}` the item of a keyed
 * list, `v:"x"` the item of a set, `i:0` an index. Keys are sorted and written as Go's JSON encoder writes them, so
 * equal elements are equal strings, here and in what an API server sends.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

export function keyElement(key: JsonObject): PathElement {
  const fields = Object.keys(key)
    .toSorted(compareText)
    .map((name) => `${JSON.stringify(name)}:${goJson(key[name] ?? null)}`);
  return `k:{${fields.join(",")}}`;
}

export function valueElement(value: Json): PathElement {
  return `v:${goJson(value)}`;
}

/** The name of a field element; undefined for the other kinds. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/**
 * An element as a server or client wrote it, in canonical form; undefined for kinds that are not known (a newer
 * server may have them; they are dropped, as the API server does). Throws `invalid-fields` where it is malformed.
 */
export function canonicalElement(text: string): PathElement | undefined {
  if (text[1] !== ":") throw malformed(text);
  switch (text[0]) {
    case "f":
      return text;
    case "k": {
      const key = parseJson(text);
      if (!isJsonObject(key)) throw malformed(text);
      return keyElement(key);
    }
    case "v":
      return valueElement(parseJson(text));
    case "i":
      if (!/^i:-?\d+$/.test(text)) throw malformed(text);
      return `i:${Number(text.slice(2))}`;
    default:
      return undefined;
  }
}

/** An element for people, as the API server prints it: `.name`, `[name="web"]`, `[="x"]`, `[0]`. */
export function formatElement(element: PathElement): string {
  const content = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${content}`;
    case "k": {
      // canonical elements hold what keyElement wrote
      const key = JSON.parse(content) as JsonObject;
      return `[${Object.entries(key)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(",")}]`;
    }
    case "v":
      return `[=${JSON.stringify(JSON.parse(content))}]`;
    default:
      return `[${content}]`;
  }
}

export function formatPath(path: readonly PathElement[]): string {
  return path.map(formatElement).join("");
}

const KIND_ORDER = "fkvi";

/** The order in which the API server writes elements: fields, keys, values, indices, each by content. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a[0] !== b[0]) return KIND_ORDER.indexOf(a.charAt(0)) - KIND_ORDER.indexOf(b.charAt(0));
  switch (a[0]) {
    case "f":
      return compareText(a, b);
    case "k":
      return compareKeys(a, b);
    case "v":
      return compareValues(parseJson(a), parseJson(b));
    default:
      return Number(a.slice(2)) - Number(b.slice(2));
  }
}

function compareKeys(a: PathElement, b: PathElement): number {
  const left = Object.entries(JSON.parse(a.slice(2)) as JsonObject);
  const right = Object.entries(JSON.parse(b.slice(2)) as JsonObject);
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const VALUE_ORDER = ["number", "string", "boolean", "object"];

function compareValues(a: Json, b: Json): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  const kinds = VALUE_ORDER.indexOf(typeof a) - VALUE_ORDER.indexOf(typeof b);
  return kinds === 0 ? compareText(goJson(a), goJson(b)) : kinds;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseJson(element: string): Json {
  try {
    return JSON.parse(element.slice(2)) as Json;
  } catch (cause) {
    throw malformed(element, cause);
  }
}

function malformed(text: string, cause?: unknown): EngineError {
  return new EngineError("invalid-fields", `managedFields: ${JSON.stringify(text)} is no path element`, {
    cause,
  });
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["&", "\\u0026"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
]);

/** JSON with the characters escaped that Go escapes. */
function goJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => ESCAPES.get(character) ?? character,
  );
}
