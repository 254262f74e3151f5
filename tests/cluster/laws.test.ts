import fc from "fast-check";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { jsonBody } from "../../engine/cluster/json-body.ts";
import { jsonLines } from "../../engine/cluster/json-lines.ts";
import { collectionPath, objectPath } from "../../engine/cluster/resource-path.ts";
import { isNotNewer } from "../../engine/cluster/resource-version.ts";
import { CONFIG_MAPS } from "./watch-script.ts";

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const cut of cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
  yield bytes.subarray(start);
}

async function collect(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const value of stream) all.push(value);
  return all;
}

test("lines come out as they went in, however the bytes are cut", async () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(), { maxLength: 12 }), async (values, cuts) => {
      const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
      expect(await collect(jsonLines(chunksOf(bytes, cuts)))).toEqual(values);
    }),
  );
});

test("a line may be as long as the limit, and no longer; a last line without its end is dropped", async () => {
  const bytes = Buffer.from('"aaaaaaaa"\n"bb"');
  for (const cuts of [[], [1], [3, 7], [10]]) {
    expect(await collect(jsonLines(chunksOf(bytes, cuts), 10))).toEqual(["aaaaaaaa"]);
    await expect(collect(jsonLines(chunksOf(bytes, cuts), 9))).rejects.toThrow("more than 9 bytes");
  }
});

test("resourceVersions compare as integers of any length, and else by equality alone", () => {
  const versions = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.bigInt({ min: 0n, max: 10n ** 40n }));
  fc.assert(
    fc.property(versions, ([a, b]) => {
      expect(isNotNewer(String(a), String(b))).toBe(a <= b);
    }),
  );
  expect(isNotNewer("abc", "abc")).toBe(true);
  expect(isNotNewer("abc", "abd")).toBe(false);
  expect(isNotNewer("007", "8")).toBe(false);
});

test("a name never leads out of its collection", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (namespace, name) => {
      fc.pre(![namespace, name].some((part) => ["", ".", ".."].includes(part) || !part.isWellFormed()));
      const path = objectPath(CONFIG_MAPS, { namespace, name });
      const url = new URL(path, "http://server");
      expect(url.pathname.split("/").length).toBe("/api/v1/namespaces/n/configmaps/c".split("/").length);
      expect(url.search + url.hash).toBe("");
    }),
  );
  for (const name of ["", ".", ".."]) {
    expect(() => objectPath(CONFIG_MAPS, { namespace: "n", name })).toThrow("cannot be the name");
  }
  expect(collectionPath({ ...CONFIG_MAPS, group: "apps", namespaced: false }, "n")).toBe(
    "/apis/apps/v1/configmaps",
  );
});

test("a body is the same as JSON and as YAML", () => {
  const odd = "\u007f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffff";
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const body = jsonBody({ text, odd });
      expect(JSON.parse(body)).toEqual({ text, odd });
      fc.pre(text.isWellFormed());
      expect(load(body)).toEqual({ text, odd });
    }),
  );
  expect(jsonBody(odd)).toMatch(/^[ -~]*$/);
});
