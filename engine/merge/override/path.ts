import { EngineError } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/kube-object.ts";
import { fieldElement, keyElement, type PathElement, valueElement } from "../fields/path-element.ts";

/** A place in an object: fields, items of keyed lists and of sets. The object itself is the empty path. */
export type OverridePath = readonly PathElement[];

/** The last element of the path of a list's `$setElementOrder`. */
export const ORDER: PathElement = "f:$setElementOrder";
/** The last element of the path of an object's `$retainKeys`. */
export const RETAIN: PathElement = "f:$retainKeys";

const PLAIN_NAME = /^[A-Za-z0-9_$-]+$/;
/** Texts that need no quotes in `[name=…]`, as they read as nothing but a string. */
const PLAIN_VALUE = /^(?!(?:true|false|null)$)[A-Za-z_/][A-Za-z0-9_./:@-]*$/;

/**
 * A path for people, stable and read back by parseOverridePath: `spec.containers[name=api].image`,
 * `metadata.annotations["example.com/a"]`, `spec.ports[port=80,protocol=TCP]`, `metadata.finalizers[=x]`.
 */
export function formatOverridePath(path: OverridePath): string {
  return path
    .map((element, index) => {
      const content = element.slice(2);
      if (element.startsWith("f:")) {
        if (!PLAIN_NAME.test(content)) return `[${JSON.stringify(content)}]`;
        return index === 0 ? content : `.${content}`;
      }
      // elements hold what keyElement and valueElement wrote
      const value = JSON.parse(content) as Json;
      if (!isJsonObject(value)) return `[=${formatValue(value)}]`;
      const keys = Object.entries(value).map(([name, each]) => `${formatName(name)}=${formatValue(each)}`);
      return `[${keys.join(",")}]`;
    })
    .join("");
}

function formatName(name: string): string {
  return PLAIN_NAME.test(name) ? name : JSON.stringify(name);
}

function formatValue(value: Json): string {
  return typeof value === "string" && PLAIN_VALUE.test(value) ? value : JSON.stringify(value);
}

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const STEP = new RegExp(
  String.raw`\.?(?<name>[A-Za-z0-9_$-]+)|\[(?<quoted>${STRING})\]|\[(?<item>(?:${STRING}|[^"\]])*)\]`,
  "y",
);
const KEY = new RegExp(
  String.raw`(?<name>${STRING}|[A-Za-z0-9_$-]*)=(?<value>${STRING}|[^",]*)(?:,(?=.)|$)`,
  "y",
);

/** Reads what formatOverridePath writes. Throws `path-invalid`. */
export function parseOverridePath(text: string): OverridePath {
  const path: PathElement[] = [];
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const groups = STEP.exec(text)?.groups;
    // only the first name stands without a dot, and only it
    if (groups === undefined || (groups["name"] !== undefined && (at === 0) === (text[at] === ".")))
      throw invalidPath(text, at);
    const { name, quoted, item } = groups;
    if (name !== undefined) path.push(fieldElement(name));
    else if (quoted !== undefined) path.push(fieldElement(parseQuoted(quoted, text, at)));
    else path.push(parseItem(item ?? "", text, at));
  }
  return path;
}

function parseItem(item: string, text: string, at: number): PathElement {
  const key = new Map<string, Json>();
  for (let inside = 0; inside < item.length; inside = KEY.lastIndex) {
    KEY.lastIndex = inside;
    const groups = KEY.exec(item)?.groups;
    const [name, value] = [groups?.["name"], groups?.["value"]];
    if (name === undefined || value === undefined) throw invalidPath(text, at);
    const parsed = parseValue(value, text, at);
    if (name === "") {
      if (item.length !== value.length + 1) throw invalidPath(text, at);
      return valueElement(parsed);
    }
    key.set(name.startsWith('"') ? parseQuoted(name, text, at) : name, parsed);
  }
  if (key.size === 0) throw invalidPath(text, at);
  const fields: JsonObject = Object.fromEntries(key);
  return keyElement(fields);
}

function parseQuoted(quoted: string, text: string, at: number): string {
  const value = parseValue(quoted, text, at);
  if (typeof value !== "string") throw invalidPath(text, at);
  return value;
}

function parseValue(value: string, text: string, at: number): Json {
  if (PLAIN_VALUE.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch (cause) {
    throw invalidPath(text, at, cause);
  }
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function invalidPath(text: string, at: number, cause?: unknown): EngineError {
  return new EngineError(
    "path-invalid",
    `${shorten(text)} is no path: it cannot be read at character ${at + 1}`,
    {
      hint: 'write it as spec.containers[name=api].image; quote names with dots: metadata.labels["example.com/a"]',
      cause,
    },
  );
}
