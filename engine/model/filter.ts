import { EngineError } from "./errors.ts";
import type { ClusterView } from "./view.ts";

export const FILTER_FIELDS = ["tags", "name", "profile", "version", "health", "updates"] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];
export const MAX_FILTER_LENGTH = 4096;
/** Of brackets: the reader calls itself for each. */
const MAX_DEPTH = 100;
type Operator = "is" | "is not" | "contains";

export type Filter =
  | {
      readonly kind: "test";
      readonly field: FilterField;
      readonly operator: Operator;
      readonly value: string;
    }
  | { readonly kind: "and"; readonly parts: readonly Filter[] }
  | { readonly kind: "or"; readonly parts: readonly Filter[] };

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([()])|([^\s()"']+))/y;

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly column: number;
}

function fail(message: string, column: number): never {
  throw new EngineError("filter-invalid", message, {
    column,
    hint: `write for example: tags is service:web and health is not healthy (fields: ${FILTER_FIELDS.join(", ")})`,
  });
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) fail("a quote is not closed", start + 1);
    const [, double, single, paren, word] = match;
    const quoted = double !== undefined || single !== undefined;
    const value = double?.replaceAll(/\\(.)/g, "$1") ?? single ?? paren ?? word ?? "";
    tokens.push({ text: value, quoted, column: start + 1 });
  }
  return tokens;
}

/**
 * Reads a filter such as `tags is service:web and (version is not 1.0.0 or updates is available)`.
 * `and` binds closer than `or`. Throws `filter-invalid` with the column.
 */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_FILTER_LENGTH)
    fail(`the filter is longer than ${MAX_FILTER_LENGTH} characters`, MAX_FILTER_LENGTH);
  const tokens = tokenize(text);
  let next = 0;
  let depth = 0;
  const end = text.length + 1;
  const isWord = (word: string) => {
    const token = tokens[next];
    return token !== undefined && !token.quoted && token.text.toLowerCase() === word;
  };
  const take = (what: string): Token => tokens[next++] ?? fail(`${what} is missing`, end);

  function readOperator(): Operator {
    const token = take('an operator ("is", "is not" or "contains")');
    const word = token.text.toLowerCase();
    if (word === "contains") return "contains";
    if (word !== "is") fail(`"${token.text}" is no operator; use "is", "is not" or "contains"`, token.column);
    if (!isWord("not")) return "is";
    next++;
    return "is not";
  }
  function readTest(): Filter {
    if (isWord("(")) {
      const open = take('"("');
      if (++depth > MAX_DEPTH) fail(`there are more than ${MAX_DEPTH} brackets in each other`, open.column);
      const inner = readOr();
      depth--;
      const close = take('")"');
      if (close.text !== ")" || close.quoted) fail('")" is missing', close.column);
      return inner;
    }
    const name = take("a field");
    const field = FILTER_FIELDS.find((known) => known === name.text.toLowerCase());
    if (field === undefined)
      fail(`"${name.text}" is no field; fields are ${FILTER_FIELDS.join(", ")}`, name.column);
    const operator = readOperator();
    const value = take("a value");
    if (!value.quoted && (value.text === "(" || value.text === ")")) fail("a value is missing", value.column);
    return { kind: "test", field, operator, value: value.text };
  }
  function readAnd(): Filter {
    const parts = [readTest()];
    while (isWord("and")) {
      next++;
      parts.push(readTest());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "and", parts };
  }
  function readOr(): Filter {
    const parts = [readAnd()];
    while (isWord("or")) {
      next++;
      parts.push(readAnd());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "or", parts };
  }
  if (tokens.length === 0) fail("the filter is empty", 1);
  const filter = readOr();
  const rest = tokens[next];
  if (rest !== undefined) fail(`"${rest.text}" is not expected here`, rest.column);
  return filter;
}

function valuesOf(view: ClusterView, field: FilterField): readonly string[] {
  switch (field) {
    case "tags":
      return view.tags;
    case "name":
      return [view.name];
    case "profile":
      return view.profiles.map((profile) => profile.name);
    case "version":
      return view.profiles.map((profile) => profile.version);
    case "health":
      return [view.health];
    case "updates":
      return [view.profiles.some((profile) => profile.updatesAvailable) ? "available" : "none"];
  }
}

/** Whether a filter asks what only a running engine knows. */
export function needsLiveState(filter: Filter): boolean {
  return filter.kind === "test" ? filter.field === "health" : filter.parts.some(needsLiveState);
}

/** Whether a cluster passes a filter. A field of several values passes `is` and `contains` when one of them does. */
export function matchesFilter(filter: Filter, view: ClusterView): boolean {
  if (filter.kind === "and") return filter.parts.every((part) => matchesFilter(part, view));
  if (filter.kind === "or") return filter.parts.some((part) => matchesFilter(part, view));
  const values = valuesOf(view, filter.field);
  if (filter.operator === "contains") return values.some((value) => value.includes(filter.value));
  return values.includes(filter.value) === (filter.operator === "is");
}
