import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { readStream, writeYaml } from "../../engine/yaml/index.ts";
import { json, trapString } from "./arbitraries.ts";

/** What a strict reader of one version of YAML makes of a text. */
function readAs(version: "1.1" | "1.2", text: string): unknown {
  const document = parseDocument(text, { version, uniqueKeys: true });
  expect(document.errors).toEqual([]);
  return document.toJS({ maxAliasCount: 0 });
}

const stringify = (value: unknown) => JSON.stringify(value);

describe("writeYaml", () => {
  test("what is written is what kubectl, YAML 1.1 and YAML 1.2 read", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = writeYaml({ value });
        expect(stringify(readStream(text, { file: "f" })[0]?.value)).toBe(stringify({ value }));
        expect(stringify(readAs("1.2", text))).toBe(stringify({ value }));
        expect(stringify(readAs("1.1", text))).toBe(stringify({ value }));
      }),
      { numRuns: 3000 },
    );
  });

  test("a value alone, without anything around it", () => {
    fc.assert(
      fc.property(json, (value) => {
        const [document] = readStream(writeYaml(value), { file: "f" });
        expect(stringify(document?.value ?? null)).toBe(stringify(value));
      }),
      { numRuns: 1000 },
    );
  });

  test("what was read is written again as the same text", () => {
    fc.assert(
      fc.property(json, trapString, (value, key) => {
        const text = writeYaml({ [key]: value });
        const [document] = readStream(text, { file: "f" });
        expect(writeYaml(document?.value ?? null)).toBe(text);
      }),
    );
  });

  test("values that stand twice are written twice, not by alias", () => {
    const [document] = readStream("a: &a {x: [1]}\nb: *a\n", { file: "f" });
    expect(writeYaml(document?.value ?? null)).toBe("a:\n  x:\n    - 1\nb:\n  x:\n    - 1\n");
  });

  test("the style", () => {
    const value = {
      apiVersion: "strata.dev/v1alpha1",
      metadata: { name: "web", tags: ["service:web", "1.10", "yes"], annotations: {} },
      spec: {
        version: "1.0.0",
        description: "Three replicas, one port: 8080",
        args: ["--flag=1", "-v", ["a", "b"], [], { a: null, b: [true] }],
        script: "set -e\nrun  it\n\n  indented\n",
        noEnd: "a\nb",
        manyEnds: "a\n\n",
        big: 1e21,
      },
    };
    expect(writeYaml(value)).toBe(`apiVersion: strata.dev/v1alpha1
metadata:
  name: web
  tags:
    - service:web
    - "1.10"
    - "yes"
  annotations: {}
spec:
  version: 1.0.0
  description: "Three replicas, one port: 8080"
  args:
    - --flag=1
    - -v
    - - a
      - b
    - []
    - a: null
      b:
        - true
  script: |
    set -e
    run  it

      indented
  noEnd: |-
    a
    b
  manyEnds: "a\\n\\n"
  big: 1.0e+21
`);
  });
});
