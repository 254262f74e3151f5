import { textWithoutNotes } from "../../engine/repo/content-id.ts";
import { hideTexts, joinFiles, readManifests, splitParts } from "../../engine/yaml/index.ts";
import { survives } from "./survives.ts";

const SIZE = 150_000;
const lines = (line: (index: number) => string, length = 10): string =>
  Array.from({ length: SIZE / length }, (_, index) => line(index)).join("\n");

/** Texts of which a reader that looks at anything twice makes minutes. */
export const SHAPES: Readonly<Record<string, string>> = {
  brackets: "[".repeat(SIZE),
  dashes: "- ".repeat(SIZE / 2),
  "explicit keys": "? ".repeat(SIZE / 2),
  anchors: "&a ".repeat(SIZE / 3),
  aliases: `a: &a x\nb: [${"*a,".repeat(SIZE / 3)}]\n`,
  tags: "!a ".repeat(SIZE / 3),
  keys: lines((index) => `k${index}: 1`),
  "keys of a Secret": `kind: Secret\napiVersion: v1\nmetadata: { name: a }\ndata:\n${lines((index) => `  k${index}: YQ==`, 16)}`,
  documents: "---\na: 1\n".repeat(SIZE / 9),
  "empty documents": "---\n".repeat(SIZE / 4),
  "ends of documents": "...\n".repeat(SIZE / 4),
  items: `kind: List\napiVersion: v1\nitems:\n${"- { a: 1 }\n".repeat(SIZE / 11)}`,
  merges: `a: &a { b: 1 }\nc:\n${"  <<: *a\n".repeat(SIZE / 9)}`,
  quotes: `a: '${"''".repeat(SIZE / 2)}'\n`,
  comments: "# a\n".repeat(SIZE / 4),
  "half a list over many lines": `a: [\n${"x,\n".repeat(SIZE / 3)}`,
  "carriage returns": "a: 1\r".repeat(SIZE / 5),
};

/** Gives a text to all that reads YAML. Throws where one does not refuse it as it should. */
export function readEverywhere(text: string): void {
  const file = { file: "a.yaml" };
  survives(() => readManifests(text, file));
  survives(() => textWithoutNotes(text));
  survives(() => hideTexts(`${text}\n# Secret\n`, text));
  const files = [
    { path: "a.yaml", text },
    { path: "b.yaml", text: "a: 1\n" },
  ];
  survives(() => splitParts(files, joinFiles(files).replace("a: 1", "a: 2")));
}
