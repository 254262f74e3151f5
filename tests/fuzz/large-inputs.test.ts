import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { readStream } from "../../engine/yaml/index.ts";
import { readEverywhere, SHAPES } from "./endless-shapes.ts";

/** Megabytes for all that lives, the largest of the texts and its readers' own code included. */
const MEMORY = 320;

test.each(Object.entries(SHAPES))("%s without end are read or refused in time", (_shape, text) => {
  readEverywhere(text);
});

test(`no text makes its readers hold more than ${MEMORY} MB`, async () => {
  const worker = new Worker(new URL("read-in-little-memory.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY },
  });
  expect(await once(worker, "exit")).toEqual([0]);
});

test("aliases to one long text are counted by what they stand for", () => {
  const bomb = (times: number) => `a: &a ${"x".repeat(1_000_000)}\nb: [${"*a, ".repeat(times)}]\n`;
  expect(readStream(bomb(9), { file: "a" })).toHaveLength(1);
  expect(() => readStream(bomb(11), { file: "a" })).toThrow(
    expect.objectContaining({ code: "yaml-excessive-aliases" }),
  );
  const merged = `a: &a { k: ${"x".repeat(1_000_000)} }\nb:\n${"  - { <<: *a }\n".repeat(11)}`;
  expect(() => readStream(merged, { file: "a" })).toThrow(
    expect.objectContaining({ code: "yaml-excessive-aliases" }),
  );
});
