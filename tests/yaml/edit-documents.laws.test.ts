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
