import type { Json } from "../../model/kube-object.ts";
import { deducedSchema, untypedSchema } from "./deduced.ts";
import type { FieldSchema, PatchStrategy, ScalarKind, TypeSchema } from "./type-schema.ts";

const SCALARS: ReadonlyMap<string, ScalarKind> = new Map([
  ["s", "string"],
  ["n", "numeric"],
  ["b", "boolean"],
  ["u", "untyped"],
]);

// name, `!` if written when empty, `:` type, `~` patch strategy and merge key, `=` default
const FIELD = /^([^:!]+)(!?):([^~=]+)(?:~([mxr]+)(?:\(([^)]*)\))?)?(?:=(.+))?$/;

/**
 * Reads the table of built-in types. A type is a list of fields with a space between, `!` first where the whole is
 * one value. A field is `name:type`, `name!:type` where the server writes it even when empty, then `~m(key)` for a
 * patch that merges items by key, `~x` for one that replaces a map, `~r` for `$retainKeys`, and `="TCP"` for the default of a list key. A type is
 * `s n b u` a scalar (string, number, boolean, any), `@Name` a named type, `?` deduced, `*` untyped, `{` a map of,
 * `[` an atomic list of, `#` a set of, `(a,b)` a list with keys of; `!` before `{` or `@`: one value.
 */
export function parseTypes(table: Readonly<Record<string, string>>): ReadonlyMap<string, TypeSchema> {
  const types = new Map<string, TypeSchema>();
  for (const [name, text] of Object.entries(table)) types.set(name, parseStruct(text, types));
  return types;
}

function parseStruct(text: string, types: ReadonlyMap<string, TypeSchema>): TypeSchema {
  const fields = new Map<string, FieldSchema>();
  const words = text.split(" ");
  const atomic = words[0] === "!";
  for (const word of atomic ? words.slice(1) : words) {
    const [, name, written, type, strategy, mergeKey, fallback] = FIELD.exec(word) ?? [];
    if (name === undefined || type === undefined)
      throw new Error(`builtin.generated.ts: cannot read ${word}`);
    const schema = parseType(type, types);
    fields.set(name, {
      type: schema,
      empty: written === "!" ? "written" : "dropped",
      ...(strategy === undefined ? {} : { patch: patchStrategy(strategy, mergeKey) }),
      // the text was written with JSON.stringify by the generator
      ...(fallback === undefined ? {} : { keyDefault: JSON.parse(fallback) as Json }),
    });
  }
  return {
    map: {
      kind: atomic ? "atomic" : "granular",
      field: (name) => fields.get(name),
      fields: () => fields,
      others: () => undefined,
    },
  };
}

function patchStrategy(letters: string, mergeKey: string | undefined): PatchStrategy {
  return {
    ...(letters.includes("m") ? { strategy: "merge" as const } : {}),
    ...(letters.includes("x") ? { strategy: "replace" as const } : {}),
    retainKeys: letters.includes("r"),
    ...(mergeKey === undefined ? {} : { mergeKey }),
  };
}

function parseType(text: string, types: ReadonlyMap<string, TypeSchema>): TypeSchema {
  const scalar = SCALARS.get(text);
  if (scalar !== undefined) return { scalar };
  const rest = text.slice(1);
  switch (text[0]) {
    case "?":
      return deducedSchema;
    case "*":
      return untypedSchema;
    case "@":
      return named(rest, types);
    case "!":
      return atomicMap(parseType(rest, types));
    case "{": {
      const others = parseType(rest, types);
      return { map: { kind: "granular", field: () => undefined, fields: () => [], others: () => others } };
    }
    case "[":
    case "#": {
      const item = parseType(rest, types);
      return { list: { kind: text[0] === "[" ? "atomic" : "set", keys: [], item: () => item } };
    }
    case "(": {
      const end = rest.indexOf(")");
      const item = parseType(rest.slice(end + 1), types);
      return { list: { kind: "map", keys: rest.slice(0, end).split(","), item: () => item } };
    }
    default:
      throw new Error(`builtin.generated.ts: cannot read type ${text}`);
  }
}

/** Looked up on use: types refer to types that stand later in the table, and to themselves. */
function named(name: string, types: ReadonlyMap<string, TypeSchema>): TypeSchema {
  const map = () => {
    const found = types.get(name)?.map;
    if (found === undefined) throw new Error(`builtin.generated.ts: no type ${name}`);
    return found;
  };
  return {
    get map() {
      return map();
    },
  };
}

function atomicMap(schema: TypeSchema): TypeSchema {
  return {
    map: {
      kind: "atomic",
      field: (name) => schema.map?.field(name),
      fields: () => schema.map?.fields() ?? [],
      others: () => schema.map?.others(),
    },
  };
}
