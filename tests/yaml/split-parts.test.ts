import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/model/errors.ts";
import { joinFiles, lineInText, splitParts, type TextFile } from "../../engine/yaml/index.ts";
import { files as written } from "./files.ts";

const WEB =
  "# the front end\nkind: Service\nmetadata: { name: web }\n---\nkind: Secret\nmetadata: { name: web }\n";
const API = "---\nkind: Service\nmetadata: { name: api }\nspec: {}";
const FILES: TextFile[] = [
  { path: "web.yaml", text: WEB },
  { path: "sub/api.yaml", text: `\uFEFF${API.replaceAll("\n", "\r\n")}` },
  { path: "z.yaml", text: "# nothing yet\n" },
];
const JOINED = joinFiles(FILES);
const [, API_FILE, Z_FILE] = FILES;

/** The files that an edited text makes, by path. */
function split(edited: string, files: readonly TextFile[] = FILES): Record<string, string> {
  return Object.fromEntries(splitParts(files, edited).map(({ path, text }) => [path, text]));
}

const before = Object.fromEntries(FILES.map(({ path, text }) => [path, text]));

function failure(edited: string, files = FILES): [code: string, line: number | undefined, message: string] {
  try {
    splitParts(files, edited);
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.place.line, error.message];
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the parts of an edited layer text", () => {
  test("unedited, are the same bytes, also where the editor changed line ends or the last one", () => {
    for (const text of [JOINED, JOINED.replaceAll("\n", "\r\n"), JOINED.trimEnd(), `\uFEFF${JOINED}`])
      expect(split(text)).toEqual(before);
  });
  test("take an edit in the line ends of their file, and nothing else changes", () => {
    expect(split(JOINED.replace("spec: {}", "spec:\n  a: 1"))).toEqual({
      ...before,
      "sub/api.yaml": API_FILE?.text.replace("spec: {}", "spec:\r\n  a: 1"),
    });
  });
  test("are what was typed, byte by byte", () => {
    const typed = "---\n\n# one\n---\n---\nkind:   Service   # odd\n\n\n";
    expect(split(JOINED.replace(WEB, typed))).toEqual({ ...before, "web.yaml": typed });
  });
  test("keep a document where it was moved to", () => {
    const secret = "---\nkind: Secret\nmetadata: { name: web }\n";
    const moved = JOINED.replace(secret, "").replace("# nothing yet\n", `# nothing yet\n${secret}`);
    expect(split(moved)).toEqual({
      ...before,
      "web.yaml": WEB.replace(secret, ""),
      "z.yaml": `${Z_FILE?.text}${secret}`,
    });
  });
  test("may change their order", () => {
    const z = "---\n# file: z.yaml\n# nothing yet\n";
    expect(split(z + JOINED.replace(z, "").replace("# file: web", "---\n# file: web"))).toEqual(before);
    expect(split(z.slice(4) + JOINED.replace(z, "").replace("# file: web", "---\n# file: web"))).toEqual(
      before,
    );
  });
  test("that are gone are files that go: with the comment, or with what stands below it", () => {
    const { "sub/api.yaml": _api, ...rest } = before;
    const api = /---\n# file: sub[^]*?\{\}\n/.exec(JOINED)?.[0] ?? "";
    expect(split(JOINED.replace(api, ""))).toEqual(rest);
    expect(split(JOINED.replace(api, "---\n# file: sub/api.yaml\n\n"))).toEqual(rest);
    // The line that begins the next part went too
    expect(split(JOINED.replace(/(# file: sub\/api.yaml\n)[^]*---\n(# file: z)/, "$1$2"))).toEqual(rest);
    expect(split("")).toEqual({});
  });
  test("that are new are new files, with the line ends that were typed", () => {
    const added = "---\n# file: sub/new.yaml\nkind: Pod\n";
    expect(split(JOINED + added)).toEqual({ ...before, "sub/new.yaml": "kind: Pod\n" });
    expect(split((JOINED + added).replaceAll("\n", "\r\n"))).toEqual({
      ...before,
      "sub/new.yaml": "kind: Pod\r\n",
    });
    expect(split(JOINED.replace("---\n# file: sub/api", `--- # new\n# file: a.yaml\nb: 1\n$&`))).toEqual({
      ...before,
      "a.yaml": "--- # new\nb: 1\n",
    });
  });
  test("with another path are a file that was renamed", () => {
    const { "z.yaml": z, ...rest } = before;
    expect(split(JOINED.replace("# file: z.yaml", "# file: y.yaml"))).toEqual({ ...rest, "y.yaml": z });
  });
  test("of a file that holds such comments itself", () => {
    const files = [
      { path: "a.yaml", text: "# file: b.yaml\na: 1\n---\n# file: b.yaml\nb: 1\n" },
      { path: "b.yaml", text: "## file: a.yaml\nc: 1\n" },
    ];
    expect(split(joinFiles(files).replace("c: 1", "c: 2"), files)).toEqual({
      "a.yaml": files[0]?.text,
      "b.yaml": "## file: a.yaml\nc: 2\n",
    });
  });
  test("without any comment with a path: documents go back to their files", () => {
    const objects = FILES.slice(0, 2).map(({ path, text }) => ({
      path,
      text: text.replaceAll("kind:", "apiVersion: v1\nkind:"),
    }));
    const plain = joinFiles(objects).replaceAll(/# file: .*\n/g, "");
    expect(splitParts(objects, plain).map(({ text }) => text)).toEqual(objects.map(({ text }) => text));
    // It may be the text of one file, given for the layer by mistake.
    expect(failure(plain.slice(0, plain.lastIndexOf("---")), objects)).toEqual([
      "edit-invalid",
      1,
      'nothing in the text is of "sub/api.yaml"',
    ]);
  });
  test("know the lines of the text", () => {
    const lines = JOINED.split("\n");
    for (const part of splitParts(FILES, JOINED)) {
      const own = part.text.replace("\uFEFF", "").split(/\r?\n/);
      for (const [index, line] of own.entries())
        if (line !== "") expect(lines[(lineInText(part, index + 1) ?? 0) - 1]).toBe(line);
    }
  });
});

describe("the only file", () => {
  const ONE = [{ path: "a.yaml", text: "a: 1\r\nb: 2\r\n" }];
  test("is as it was typed", () => {
    for (const text of ["a: 2\r\n", "a: 2\n", "---\na: 1", "\uFEFFa: 1\n"])
      expect(split(text, ONE)).toEqual({ "a.yaml": text });
    expect(split(" \n", ONE)).toEqual({});
  });
  test("may get another behind it, or become it", () => {
    expect(split("a: 1\nb: 3\n---\n# file: b.yaml\nc: 1\n", ONE)).toEqual({
      "a.yaml": "a: 1\r\nb: 3\r\n",
      "b.yaml": "c: 1\n",
    });
    expect(split("# file: b.yaml\na: 1\n", ONE)).toEqual({ "b.yaml": "a: 1\n" });
  });
});

describe("what cannot be told names the line", () => {
  test.each([
    ["a part in a document", JOINED.replace("---\n# file: z", "# file: z"), 13, "inside a document"],
    ["a part behind a comment", JOINED.replace("# file: z", "# last\n$&"), 15, "inside a document"],
    ["a part twice", `${JOINED}---\n# file: web.yaml\na: 1\n`, 17, "twice"],
    ["text before the first part", `# mine\n---\n${JOINED}`, 1, "belongs to no file"],
    ["the first part without its comment", JOINED.replace("# file: web.yaml\n", ""), 1, "belongs to no file"],
    ["a new part without content", `${JOINED}---\n# file: new.yaml\n`, 17, "is empty"],
  ])("%s", (_what, edited, line, message) => {
    expect(failure(edited)).toEqual(["edit-invalid", line, expect.stringContaining(message)]);
  });
});

describe("laws", () => {
  test("what is joined and not edited comes back byte by byte", () => {
    fc.assert(
      fc.property(written, (given) => {
        expect(splitParts(given, joinFiles(given)).map(({ path, text }) => ({ path, text }))).toEqual(given);
      }),
      { numRuns: 1500 },
    );
  });
  test("a line that is typed into a part is the one line that changes", () => {
    fc.assert(
      fc.property(written, fc.nat(), fc.nat(), (given, chosen, at) => {
        const file = given[chosen % given.length];
        if (file === undefined) return;
        const [top = "", ...rest] = joinFiles(given).split(`# file: ${file.path}\n`);
        const below = rest.join("").split("\n");
        const own = file.text.replace("\uFEFF", "").replace(/^---.*\r?\n/, "");
        const line = at % (own.split("\n").length - (own.endsWith("\n") ? 1 : 0) || 1);
        below.splice(line, 0, "# typed");
        const after = splitParts(given, `${top}# file: ${file.path}\n${below.join("\n")}`);
        const texts = new Map(after.map(({ path, text }) => [path, text]));
        const unended = (text: string) => text.replace(/\r?\n$/, "");
        for (const { path, text } of given) {
          const now = texts.get(path) ?? "";
          if (path !== file.path) expect(now).toBe(text);
          else expect(unended(now.replace(/# typed(\r?\n|$)/, ""))).toBe(unended(text));
        }
      }),
      { numRuns: 1500 },
    );
  });
});
