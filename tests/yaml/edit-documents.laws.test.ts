import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../engine/model/kube-object.ts";
import { editDocuments, readStream } from "../../engine/yaml/index.ts";
import { type Edit, editJson, valueAt } from "../../engine/yaml/json-edit.ts";
import { json } from "./arbitraries.ts";
import { kubeLike, type Path, type Written, written } from "./written.ts";

const read = (text: string): Json[] => readStream(text, { file: "f" }).map(({ value }) => value);

const file: fc.Arbitrary<Written> = kubeLike.chain(written);

/** All paths below a value. */
function pathsIn(value: Json, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.flatMap(([part, child]) => [[...path, part], ...pathsIn(child, [...path, part])]);
}

/** What a user does to a document: set a field, add one, add an item, take one away. */
function editOf(value: JsonObject): fc.Arbitrary<Edit> {
  const paths = pathsIn(value);
  const collections = paths.filter((path) => typeof (valueAt(value, path) ?? 0) === "object");
  const maps = [[], ...collections.filter((path) => isJsonObject(valueAt(value, path)))];
  const lists = collections.filter((path) => Array.isArray(valueAt(value, path)));
  const small = fc.oneof(
    json,
    fc.constantFrom<Json>("new", 7, "two\nlines\n", { name: "added" }, ["x"], {}, []),
  );
  const set = fc.record({ op: fc.constant("set" as const), path: fc.constantFrom(...paths), value: small });
  const add = fc
    .tuple(fc.constantFrom(...maps), fc.constantFrom("added", "another", "yes"), small)
    .map(([path, key, item]): Edit => ({ op: "set", path: [...path, key], value: item }));
  const remove = fc.record({ op: fc.constant("remove" as const), path: fc.constantFrom(...paths) });
  if (lists.length === 0) return fc.oneof(set, add, remove);
  const append = fc.record({
    op: fc.constant("append" as const),
    path: fc.constantFrom(...lists),
    value: small,
  });
  return fc.oneof(set, add, remove, append);
}

const edited = file.chain((before) => fc.tuple(fc.constant(before), editOf(before.value)));

/** Lines that differ, as `diff` counts them, for a change in one place. */
function changedLines(before: string, after: string): { gone: string[]; added: string[] } {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return { gone: a.slice(head, a.length - tail), added: b.slice(head, b.length - tail) };
}

/** How long the paths are below which an edit may take comments with it. */
function lostFrom(value: Json, edit: Edit): number {
  const known = valueAt(value, edit.path);
  if (edit.op === "append" || known === undefined) return Number.POSITIVE_INFINITY;
  const depth = edit.path.length;
  if (edit.op === "remove") return depth;
  // An item that becomes something else altogether is another item.
  const scalars = isScalar(known) && isScalar(edit.value);
  return typeof edit.path.at(-1) === "number" && !scalars ? depth : depth + 1;
}

function isScalar(value: Json): boolean {
  return value === null || typeof value !== "object";
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((part, index) => path[index] === part);
}

describe("editDocuments, for files as people write them", () => {
  test("the files mean what they are written for", () => {
    fc.assert(
      fc.property(file, ({ text, value }) => {
        expect(read(text)).toEqual([value]);
      }),
      { numRuns: 2000 },
    );
  });

  test("the result reads as exactly what is wanted, for any change at once", () => {
    fc.assert(
      fc.property(file, fc.oneof(kubeLike, json), ({ text }, wanted) => {
        expect(read(editDocuments(text, [wanted]))).toEqual(wanted === null ? [] : [wanted]);
      }),
      { numRuns: 3000 },
    );
  });

  test("the result reads as exactly what is wanted, for one edit, and comments outside of it stay", () => {
    fc.assert(
      fc.property(edited, ([{ text, value, notes }, edit]) => {
        const wanted = editJson(value, edit);
        const after = editDocuments(text, [wanted]);
        expect(read(after)).toEqual([wanted]);
        const may = (path: Path) => startsWith(path, edit.path) && path.length >= lostFrom(value, edit);
        const lost = notes.filter((note) => !after.includes(note.text) && !may(note.path));
        expect(lost).toEqual([]);
        expect(after.match(/# (head|tail)/g)).toEqual(text.match(/# (head|tail)/g));
      }),
      { numRuns: 5000 },
    );
  });

  test("a scalar for a scalar is a change of one line", () => {
    const scalar = fc.constantFrom<Json>("new", "yes", 7, false, null, "0755", "a: b", "'");
    const cases = file.chain((before) => {
      const paths = pathsIn(before.value).filter((path) => {
        const known = valueAt(before.value, path);
        return typeof known !== "object" && !(typeof known === "string" && known.includes("\n"));
      });
      return fc.tuple(fc.constant(before), fc.constantFrom(...paths), scalar);
    });
    fc.assert(
      fc.property(cases, ([{ text, value, notes }, path, item]) => {
        const wanted = editJson(value, { op: "set", path, value: item });
        const after = editDocuments(text, [wanted]);
        const { gone, added } = changedLines(text, after);
        expect(gone.length).toBeLessThanOrEqual(1);
        expect(added.length).toBe(gone.length);
        expect(notes.filter((note) => !after.includes(note.text))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});

/** How something in a file uses what has the anchor `base`, and what it is about. */
const USES = [
  (name: string) => `${name}: *base # ${name}\n`,
  (name: string) => `${name}:\n  <<: *base # ${name}\n`,
  (name: string) => `${name}:\n    own: 1\n    <<: *base # ${name}\n    two: 2\n`,
  (name: string) => `${name}: [*base, {own: 1}, *base] # ${name}\n`,
  (name: string) => `${name}: # ${name}\n- *base\n- <<: [*base]\n  own: 2\n`,
  (name: string) => `${name}:\n  in: &${name} # ${name}\n    <<: *base\n  out: *${name}\n`,
];

const sharing = fc
  .tuple(
    fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom<Json>("x", 1, ["l"], { k: "v" }), {
      minKeys: 1,
    }),
    fc.array(fc.nat(USES.length - 1), { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([base, chosen, flow]) => {
    const lines = Object.entries(base).map(([key, item]) => `  ${key}: ${JSON.stringify(item)}\n`);
    const head = flow ? `base: &base ${JSON.stringify(base)}\n` : `base: &base # base\n${lines.join("")}`;
    return [head, ...chosen.map((way, index) => USES[way]?.(`u${index}`) ?? "")];
  });

const sharedEdit = sharing.chain((parts) => {
  // Aliases share one value, and an edit is about one place.
  const value = JSON.parse(JSON.stringify(read(parts.join(""))[0])) as JsonObject;
  return fc.tuple(
    fc.constant(parts),
    fc.constant(value),
    fc.array(editOf(value), { minLength: 1, maxLength: 3 }),
  );
});

describe("anchors, aliases and merges", () => {
  test("any edits read as wanted, and nobody else's text changes", () => {
    fc.assert(
      fc.property(sharedEdit, ([parts, value, edits]) => {
        const wanted = edits.reduce<Json>((json, edit) => tryEdit(json, edit), value) as JsonObject;
        const after = editDocuments(parts.join(""), [wanted]);
        expect(JSON.parse(JSON.stringify(read(after)))).toEqual(
          Object.keys(wanted).length === 0 ? [{}] : [wanted],
        );
        const same = (key: string) => isDeepStrictEqual(wanted[key], value[key]);
        if (!same("base")) return;
        for (const [index, part] of parts.entries())
          if (index === 0 || same(`u${index - 1}`)) expect(after).toContain(part);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The edit, unless an earlier one took away what it is about. */
function tryEdit(value: Json, edit: Edit): Json {
  try {
    return editJson(value, edit);
  } catch {
    return value;
  }
}

describe("a stream of documents", () => {
  const stream = fc
    .tuple(
      fc.array(file, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("---\n", "--- # next\n", "---  \n"),
    )
    .map(([documents, separator]) => ({ documents, separator }));
  const action = fc.constantFrom("keep", "change", "remove");

  test("a document that does not change keeps its bytes, whatever becomes of the others", () => {
    fc.assert(
      fc.property(stream, fc.array(action), fc.boolean(), ({ documents, separator }, actions, windows) => {
        const plain = documents.map(({ text }) => text).join(separator);
        const bytes = (text: string) => (windows ? text.replaceAll("\n", "\r\n") : text);
        const wanted = documents.map(({ value }, index) => {
          const chosen = actions[index] ?? "keep";
          return chosen === "remove" ? undefined : chosen === "keep" ? value : { ...value, added: [index] };
        });
        const after = editDocuments(bytes(plain), wanted);
        expect(read(after)).toEqual(wanted.filter((value) => value !== undefined));
        for (const [index, { text }] of documents.entries()) {
          if ((actions[index] ?? "keep") === "keep") expect(after).toContain(bytes(text));
        }
        if (windows) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
      }),
      { numRuns: 2000 },
    );
  });
});
