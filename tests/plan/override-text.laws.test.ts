import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diffObjects, layOver } from "../../engine/merge/index.ts";
import { canonicalJson } from "../../engine/model/canonical-json.ts";
import { objectIdOf, objectKey, type KubeObject } from "../../engine/model/kube-object.ts";
import { editOverrideText } from "../../engine/plan/override-text.ts";
import { readPatches } from "../../engine/yaml/index.ts";
import { valueAt } from "../../engine/yaml/json-edit.ts";
import { update } from "../merge/override/arbitrary-objects.ts";
import { type Written, written } from "../yaml/written.ts";
import { schemaOf } from "./arbitrary-plans.ts";

/** An override file as its user wrote it, with comments, and three edits of what it shows. */
const edits = fc
  .tuple(update, update)
  .map(([{ base, mine, theirs }, next]) => ({
    base,
    override: diffObjects(base, mine, schemaOf),
    edited: [theirs, next.mine, mine],
  }))
  .filter(({ override }) => override.length > 0)
  .chain((one) => fc.tuple(fc.constant(one), fc.tuple(...one.override.map((document) => written(document)))));

const idOf = (document: KubeObject) => objectKey(objectIdOf(document));
const canonical = (documents: readonly KubeObject[]) => documents.map(canonicalJson).toSorted();
const readText = (text: string) => readPatches(text, { file: "app.yaml" });

interface Note {
  readonly about: KubeObject;
  readonly path: Written["notes"][number]["path"];
  readonly text: string;
}

/** The comment's text, made another in each document of a file. */
const inDocument = (text: string, index: number) => text.replaceAll("# note", `# note of ${index}:`);

/** Whether an edit has no reason to touch a comment: what it is about stays, and is in no list. */
function stays({ about, path }: Note, before: readonly KubeObject[], after: readonly KubeObject[]): boolean {
  const [was, is] = [before, after].map((all) => all.find((document) => idOf(document) === idOf(about)));
  if (was === undefined || is === undefined || path.some((part) => typeof part === "number")) return false;
  return isDeepStrictEqual(valueAt(was, path), valueAt(is, path));
}

test("an override file with its user's comments, edited three times, holds exactly what is wanted", () => {
  fc.assert(
    fc.property(edits, ([{ base, override, edited }, files]) => {
      let text = files.map((file, index) => inDocument(file.text, index)).join("---\n");
      let notes = files.flatMap((file, index) =>
        override
          .slice(index, index + 1)
          .flatMap((about) =>
            file.notes.map((note): Note => ({ about, path: note.path, text: inDocument(note.text, index) })),
          ),
      );
      expect(readText(text)).toMatchObject({
        documents: override.map((object) => ({ object })),
        problems: [],
      });
      let documents = override;
      for (const wanted of edited) {
        const after = layOver({ base, override: documents, edited: wanted, schemaOf });
        const next = editOverrideText(text, documents, after);
        expect(next === null).toBe(after.length === 0);
        if (next === null) return;
        const read = readText(next);
        expect(read.problems).toEqual([]);
        expect(canonical(read.documents.map(({ object }) => object))).toEqual(canonical(after));
        notes = notes.filter((note) => stays(note, documents, after));
        expect(notes.filter((note) => !next.includes(note.text))).toEqual([]);
        text = next;
        documents = read.documents.map(({ object }) => object);
      }
    }),
    { numRuns: 1000 },
  );
});
