import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/model/errors.ts";
import { readStream } from "../../engine/yaml/index.ts";
import { json } from "./arbitraries.ts";
import { layout } from "./layouts.ts";

function refusal(input: string | Uint8Array): EngineError {
  try {
    readStream(input, { file: "a.yaml" });
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("this was read");
}

function refused(input: string | Uint8Array): [string, number | undefined, number | undefined] {
  const { code, place } = refusal(input);
  expect(place.file).toBe("a.yaml");
  return [code, place.line, place.column];
}

describe("values", () => {
  test("every layout of a value reads as the value", () => {
    fc.assert(
      fc.property(
        json.chain((value) => fc.tuple(fc.constant(value), layout(value))),
        ([value, text]) => {
          const [document] = readStream(Buffer.from(text), { file: "f" });
          expect(JSON.stringify(document?.value ?? null)).toBe(JSON.stringify(value));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("keys that are names of JavaScript's own stay plain keys", () => {
    const [document] = readStream(
      "a: {__proto__: {polluted: 1}, constructor: 2}\nb: &b {__proto__: 3}\nc: {<<: *b}\n",
      {
        file: "f",
      },
    );
    const text = '{"a":{"__proto__":{"polluted":1},"constructor":2},"b":{"__proto__":3},"c":{"__proto__":3}}';
    expect(JSON.stringify(document?.value)).toBe(text);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const { a } = (document?.value ?? {}) as { a?: object };
    expect(Object.getPrototypeOf(a)).toBe(Object.prototype);
  });

  test("a key of prototypes twice is a duplicate, too", () => {
    expect(refused("__proto__: 1\n__proto__: 2\n")).toEqual(["yaml-duplicate-key", 2, 1]);
    expect(readStream("toString: 1\n", { file: "f" })).toHaveLength(1);
  });
});

describe("refusals name code, line and column", () => {
  test.each<[string, string | Uint8Array, [string, number, number]]>([
    ["an integer that would be rounded", "a: 1\nb:\n  - 9007199254740993\n", ["yaml-number-inexact", 3, 5]],
    ["infinity", "a: .inf\n", ["yaml-number-inexact", 1, 4]],
    ["what is no number", "a: .nan\n", ["yaml-number-inexact", 1, 4]],
    ["a key twice, in the second document", "a: 1\n---\nb: 1\nc: 2\nb: 3\n", ["yaml-duplicate-key", 5, 1]],
    ["a quoted key twice", 'a: 1\n"a": 2\n', ["yaml-duplicate-key", 2, 1]],
    ["a tab as indentation", "a:\n\tb: 1\n", ["yaml-invalid", 2, 1]],
    ["an alias that is not known", "a:\n  - *b\n", ["yaml-invalid", 2, 5]],
    ["text behind a separator", "a: 1\n---  b: 2\n", ["yaml-invalid", 2, 6]],
    ["content behind the document end", "a: 1\n...\nb: 2\n", ["yaml-invalid", 3, 1]],
    ["half a surrogate pair", 'a: "\\ud83d"\n', ["yaml-invalid", 1, 4]],
    ["U+2028 in a comment", "a: 1 # b\u2028c: 2\n", ["yaml-invalid", 1, 9]],
    [
      "a place behind a line that had to be indented",
      "a: [\nb\n]\nc: 1e\nd: 9007199254740993\n",
      ["yaml-number-inexact", 5, 4],
    ],
    [
      "a place on a line that had to be indented",
      "a: [\nb,\n  9007199254740993 ]\n",
      ["yaml-number-inexact", 3, 3],
    ],
    ["a fault of syntax behind such a line", "a: [\nb\n]\nc: [\n", ["yaml-invalid", 5, 1]],
    ["UTF-16, little endian", Buffer.from("\uFEFFa: 1\n", "utf16le"), ["yaml-encoding", 1, 1]],
    ["UTF-16, big endian", Buffer.from("\uFEFFa: 1\n", "utf16le").swap16(), ["yaml-encoding", 1, 1]],
    ["a byte that is no UTF-8", Buffer.from("a: \u00e9\nbc: \u00e9\n", "latin1"), ["yaml-encoding", 1, 4]],
    [
      "such a byte further down",
      Buffer.concat([Buffer.from("a: é\nb: é"), Buffer.from([0xff])]),
      ["yaml-encoding", 2, 5],
    ],
    ["CRLF counts as one line end", "a: 1\r\nb: 1\r\nb: 2\r\n", ["yaml-duplicate-key", 3, 1]],
  ])("%s", (_name, input, expected) => {
    expect(refused(input)).toEqual(expected);
  });

  test("the hints say what to do", () => {
    expect(refusal("a: 9007199254740993\n").hint).toMatch(/quotes/);
    expect(refusal("a:\n\tb: 1\n").hint).toMatch(/spaces/);
    expect(refusal(Buffer.from([0xff, 0xfe, 0x61, 0])).hint).toMatch(/UTF-8/);
  });
});

describe("files made to harm", () => {
  test("aliases that expand without end", () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `l${index}: &l${index} [${`*l${index - 1}, `.repeat(9)}]`,
    );
    expect(refused(["l-1: &l-1 [x]", ...levels].join("\n").replaceAll("l-1", "m"))[0]).toBe(
      "yaml-excessive-aliases",
    );
  });
  test("merges that expand without end", () => {
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}: 1`).join(", ");
    const maps = Array.from({ length: 2000 }, () => "- <<: *a").join("\n");
    expect(refused(`- &a {${keys}}\n${maps}\n`)[0]).toBe("yaml-excessive-aliases");
  });
  test.each([
    ["brackets", "[".repeat(200_000)],
    ["braces", "{a: ".repeat(200_000)],
    ["dashes", "- ".repeat(200_000)],
    ["indentation", Array.from({ length: 2500 }, (_, index) => `${" ".repeat(index)}a:`).join("\n")],
    ["explicit keys", "? ".repeat(200_000)],
  ])("nesting without end: %s", (_name, text) => {
    expect(refused(text)[0]).toBe("yaml-too-deep");
  });
  test("what is deep but sane is read", () => {
    expect(readStream(`${"[".repeat(900)}${"]".repeat(900)}`, { file: "f" })).toHaveLength(1);
  });
  test("more than 10 MiB, counted in bytes", () => {
    expect(refusal("é".repeat(5 * 1024 * 1024 + 1)).code).toBe("yaml-too-large");
    expect(readStream(`a: ${"x".repeat(10 * 1024 * 1024 - 4)}\n`, { file: "f" })).toHaveLength(1);
  });
  test("thousands of lines that must be indented end in an answer", () => {
    const text = `a: [\n${"x,\n".repeat(100_000)}]\n`;
    expect(refusal(text).hint).toMatch(/indentation/);
  });
});

describe("positions", () => {
  const text = `# head
apiVersion: v1
metadata: {name: web, labels: {"a b": c}}
spec:
  yes: 1
  containers:
    - name: a
      args: ["-v",
"x"]
    -   name: b
`;
  const [document] = readStream(`a: 1\n---\n${text}`, { file: "f" }).slice(1);

  test.each<[(string | number)[], number, number]>([
    [[], 4, 1],
    [["apiVersion"], 4, 1],
    [["metadata"], 5, 1],
    [["metadata", "name"], 5, 12],
    [["metadata", "labels", "a b"], 5, 32],
    [["spec", "true"], 7, 3],
    [["spec", "containers"], 8, 3],
    [["spec", "containers", 0], 9, 7],
    [["spec", "containers", 0, "args", 0], 10, 14],
    [["spec", "containers", 0, "args", 1], 11, 1],
    [["spec", "containers", 1, "name"], 12, 9],
    [["spec", "containers", 1, "image", "tag"], 12, 9],
    [["nothing", "here"], 4, 1],
  ])("%j", (path, line, column) => {
    expect(document?.line).toBe(4);
    expect(document?.position(path)).toEqual({ line, column });
  });
});
