import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes, isKnownCode } from "../support/error-codes.ts";

const ROOT = join(import.meta.dirname, "../..");
const HEAD = ["input", "what happens", "test"];
/** What is no code of ours in the column of what happens, but a name of something. */
const CODE = /^[a-z]+(-[a-z0-9]+)+$/;

const document = readFileSync(join(ROOT, "docs/reliability.md"), "utf8");
const tables = document
  .split("\n\n")
  .map((block) => block.split("\n").filter((line) => line.startsWith("| ")))
  .map((lines) =>
    lines.map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  )
  .filter(([head]) => JSON.stringify(head) === JSON.stringify(HEAD));
const rows = tables.flatMap(([, ...body]) => body);

function quoted(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].flatMap(([, text]) => text ?? []);
}

test("docs/reliability.md has tables of inputs", () => {
  expect(tables.length).toBeGreaterThanOrEqual(4);
  expect(rows.length).toBeGreaterThan(70);
  for (const row of rows) expect(row, row.join(" | ")).toHaveLength(3);
});

test("every code that it names is in the sources", () => {
  const codes = errorCodes();
  const named = rows.flatMap(([, what]) => quoted(what)).filter((text) => CODE.test(text));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((code) => !isKnownCode(code, codes))).toEqual([]);
});

test("every line names tests that are there, or says that it is not applicable", () => {
  for (const [input, , where = ""] of rows) {
    const files = quoted(where);
    if (where !== "not applicable") expect(files, input).not.toEqual([]);
    for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
  }
});

test("every file that it names by its path is there", () => {
  const files = quoted(document).filter((text) => /^(tests|docs|scripts)\/\S+\.\w+$/.test(text));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
