import fc from "fast-check";
import { expect, test } from "vitest";
import { documentEdits, diffObjects, layOver, schemasAmong } from "../../../engine/merge/index.ts";
import { editJson } from "../../../engine/yaml/json-edit.ts";
import type { Json, KubeObject } from "../../../engine/model/kube-object.ts";
import { triple } from "./arbitrary-objects.ts";
import { GADGET_CRD } from "./gadget-crd.ts";

const schemaOf = schemasAmong([GADGET_CRD]);

test("make the one document of the other", () => {
  fc.assert(
    fc.property(triple, ([base, mine, edited]) => {
      const override = diffObjects([base], [mine], schemaOf);
      const [before] = override;
      const [after] = layOver({ base: [base], override, edited: [edited], schemaOf });
      fc.pre(before !== undefined && after !== undefined);
      const edits = documentEdits(before, after, schemaOf(base));
      expect(edits.reduce<Json>(editJson, before)).toEqual(after);
    }),
    { numRuns: 4000 },
  );
});

const override = (containers: readonly Json[]): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { template: { spec: { containers } } },
});
const api = { name: "api", image: "api:1", env: [{ name: "A", value: "1" }] };
const list = ["spec", "template", "spec", "containers"];

test.each<[string, readonly Json[], readonly unknown[]]>([
  ["nothing", [{ name: "db", image: "db:1" }, api], []],
  [
    "one field",
    [
      { name: "db", image: "db:1" },
      { ...api, env: [{ name: "A", value: "2" }] },
    ],
    [{ op: "set", path: [...list, 1, "env", 0, "value"], value: "2" }],
  ],
  ["an item that goes", [api], [{ op: "remove", path: [...list, 0] }]],
  [
    "an item that is new",
    [{ name: "db", image: "db:1" }, api, { name: "log", $patch: "delete" }],
    [{ op: "append", path: list, value: { name: "log", $patch: "delete" } }],
  ],
  [
    "items in another order",
    [api, { name: "db", image: "db:1" }],
    [{ op: "set", path: list, value: [api, { name: "db", image: "db:1" }] }],
  ],
])("are as small as can be: %s", (_name, containers, edits) => {
  const before = override([{ name: "db", image: "db:1" }, api]);
  expect(documentEdits(before, override(containers), schemaOf(before))).toEqual(edits);
});
