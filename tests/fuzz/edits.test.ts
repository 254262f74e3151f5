import fc from "fast-check";
import { expect, test } from "vitest";
import { readEdited } from "../../engine/plan/read-edited.ts";
import {
  editDocuments,
  editYaml,
  hideTexts,
  joinFiles,
  readStream,
  splitFiles,
  splitParts,
} from "../../engine/yaml/index.ts";
import { json } from "../yaml/arbitraries.ts";
import { hostileText } from "./hostile-text.ts";
import { CLUSTERS, MANIFESTS, OVERRIDES, PROFILES } from "./samples.ts";
import { survives } from "./survives.ts";

const RUNS = { numRuns: 400 };
const files = fc
  .array(hostileText(MANIFESTS), { minLength: 1, maxLength: 3 })
  .map((texts) => texts.map((text, index) => ({ path: `f${index}.yaml`, text })));

test("a layer text that is hostile, edited by somebody hostile", () => {
  fc.assert(
    fc.property(files, hostileText(MANIFESTS), (shown, other) => {
      const joined = survives(() => joinFiles(shown));
      for (const edited of [joined ?? "", `${joined}---\n${other}`, other]) {
        survives(() => splitFiles(shown, edited));
        survives(() => splitParts(shown, edited));
        survives(() => readEdited(shown, edited));
      }
    }),
    RUNS,
  );
});

test("several files go apart as they were put together, whatever is in them", () => {
  fc.assert(
    fc.property(files, (some) => {
      const shown = [...some, { path: "last.yaml", text: "a: 1\n" }];
      const parts = survives(() => splitParts(shown, joinFiles(shown)));
      for (const { path, text } of parts ?? []) {
        const before = shown.find((file) => file.path === path)?.text ?? "";
        // What cannot be read cannot be saved either.
        if (survives(() => readStream(before, { file: path })) !== undefined) expect(text).toBe(before);
      }
    }),
    RUNS,
  );
});

test("fields of hostile texts are set, or the text is refused", () => {
  const path = fc.array(
    fc.oneof(fc.constantFrom("metadata", "tags", "__proto__", "constructor", "spec"), fc.nat({ max: 3 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(hostileText([...PROFILES, ...CLUSTERS, ...OVERRIDES]), path, json, (text, to, value) => {
      for (const op of ["set", "append"] as const) survives(() => editYaml(text, [{ op, path: to, value }]));
      survives(() => editYaml(text, [{ op: "remove", path: to }]));
      survives(() => editDocuments(text, [value]));
    }),
    RUNS,
  );
});

test("texts with Secrets are hidden or refused", () => {
  const secret = (text: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData:\n  a: ${text}\n`;
  const samples = [
    secret("hunter2"),
    secret("|\n    hunter2\n    hunter2"),
    secret('"hunter2"'),
    MANIFESTS[1] ?? "",
  ];
  fc.assert(
    fc.property(hostileText(samples), hostileText(samples), (before, after) => {
      survives(() => hideTexts(before, after));
    }),
    RUNS,
  );
});
