import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/model/errors.ts";
import { editDocuments, joinFiles, readStream, splitFiles, type TextFile } from "../../engine/yaml/index.ts";
import { files } from "./files.ts";

const WEB = `# the front end
apiVersion: v1
kind: Service
metadata: { name: web }
---
# settings
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: {a: x}  # short
`;
const API = `---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: back }
spec: {}`;
const FILES: TextFile[] = [
  { path: "web.yaml", text: WEB },
  { path: "sub/api.yaml", text: `\uFEFF${API.replaceAll("\n", "\r\n")}` },
];
const JOINED = joinFiles(FILES);

function split(edited: string, files = FILES): string[] {
  return splitFiles(files, edited).files.map(({ text }) => text);
}

function failure(edited: string): { code: string; message: string; line: number | undefined } {
  try {
    splitFiles(FILES, edited);
  } catch (error) {
    if (error instanceof EngineError) {
      expect(error.place.file).toBeUndefined();
      return { code: error.code, message: error.message, line: error.place.line };
    }
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the text of a layer", () => {
  test("names each file before its first document", () => {
    expect(JOINED).toBe(`# file: web.yaml\n${WEB}${API.replace("---\n", "---\n# file: sub/api.yaml\n")}\n`);
  });
  test("unedited, gives the same bytes, also with Windows line ends from the editor", () => {
    expect(split(JOINED)).toEqual(FILES.map(({ text }) => text));
    expect(split(JOINED.replaceAll("\n", "\r\n"))).toEqual(FILES.map(({ text }) => text));
    expect(split(JOINED.trimEnd())).toEqual(FILES.map(({ text }) => text));
  });
  test("a change goes to its file, and takes the line ends of that", () => {
    const [web, api] = split(JOINED.replace("a: x", "a: y").replace("spec: {}", "spec:\n  a: 1"));
    expect(web).toBe(WEB.replace("a: x", "a: y"));
    expect(api).toBe(`${FILES[1]?.text.replace("spec: {}", "spec:\r\n  a: 1")}`);
  });
  test("a comment that a user changes is kept", () => {
    expect(split(JOINED.replace("# settings", "# the settings"))[0]).toBe(
      WEB.replace("# settings", "# the settings"),
    );
  });
  test("a new document goes to the file in whose part it stands", () => {
    const added = "apiVersion: v1\nkind: Secret\nmetadata: { name: new }\n";
    expect(split(`${JOINED}---\n${added}`)).toEqual([
      WEB,
      `${FILES[1]?.text}\r\n---\r\n${added.trimEnd().replaceAll("\n", "\r\n")}`,
    ]);
    expect(split(JOINED.replace("---\n# settings", `---\n${added}---\n# settings`))[0]).toBe(
      WEB.replace("---\n# settings", `---\n${added}---\n# settings`),
    );
  });
  test("a removed document, and a removed file", () => {
    expect(split(JOINED.replace(/---\n# settings[^]*short\n/, ""))).toEqual([
      WEB.replace(/---\n# settings[^]*/, ""),
      FILES[1]?.text,
    ]);
    expect(split(JOINED.slice(0, JOINED.lastIndexOf("---")))).toEqual([WEB, ""]);
  });
  test("a document that was moved goes back to its file, and it is told", () => {
    const settings = /---\n# settings[^]*short\n/.exec(JOINED)?.[0] ?? "";
    const result = splitFiles(FILES, JOINED.replace(settings, "") + settings.replace("a: x", "a: y"));
    expect(result.files.map(({ text }) => text)).toEqual([WEB.replace("a: x", "a: y"), FILES[1]?.text]);
    expect(result.moved).toEqual([
      { object: "ConfigMap web", stoodIn: "sub/api.yaml", file: "web.yaml", line: 14 },
    ]);
  });
  test("what goes back stands where it stood", () => {
    const service = /# the front[^]*?---\n/.exec(JOINED)?.[0] ?? "";
    const moved = `${JOINED.replace(service, "")}---\n${service.replace("---\n", "")}`;
    expect(splitFiles(FILES, moved)).toMatchObject({ files: FILES, moved: [{ object: "Service web" }] });
  });
  test("a list goes back to its file by any of its objects", () => {
    const item = (name: string) => `- apiVersion: v1\n  kind: Secret\n  metadata: { name: ${name} }\n`;
    const list = `apiVersion: v1\nkind: List\nitems:\n${item("one")}${item("two")}`;
    const files = [{ path: "list.yaml", text: list }, ...FILES];
    const changed = list.replace("one", "three");
    const moved = `${joinFiles(files).replace(list, "")}---\n${changed}`;
    expect(split(moved, files)).toEqual([changed, ...FILES.map(({ text }) => text)]);
  });
  test("a comment on the line that begins a document stays when that becomes the first", () => {
    const files = [{ path: "a.yaml", text: "a: 1\n--- # about b\nb: 1\n---\nc: 1\n" }];
    expect(split(joinFiles(files).replace("# file: a.yaml\na: 1\n", ""), files)).toEqual([
      "--- # about b\nb: 1\n---\nc: 1\n",
    ]);
    expect(split("# file: a.yaml\nc: 1\n", files)).toEqual(["c: 1\n"]);
  });
  test("documents without objects keep their bytes when one before them goes", () => {
    const files = [{ path: "a.yaml", text: "a: 1\r\nx: 1\r\n---\nb: 1\r\nx: 2\nz: 3\n" }];
    expect(split(joinFiles(files).replace("a: 1\nx: 1\n---\n", ""), files)).toEqual(["b: 1\r\nx: 2\nz: 3\n"]);
  });
  test("what holds no object goes back too, if it is as it was", () => {
    const files = [...FILES, { path: "values.yaml", text: "replicas: 1\n" }];
    const moved = joinFiles(files).replace(/---\n# file: values.*\n/, "---\n");
    expect(splitFiles(files, moved)).toMatchObject({ files, moved: [{ object: "document" }] });
  });
  test("without the comments with the paths, documents still find their files", () => {
    expect(split(JOINED.replaceAll(/# file: .*\n/g, ""))).toEqual(FILES.map(({ text }) => text));
  });
  test("files that hold such comments themselves", () => {
    const files = [
      { path: "a.yaml", text: "# file: b.yaml\na: 1\n---\n# file: b.yaml\nb: 1\n" },
      { path: "b.yaml", text: "## file: a.yaml\nc: 1\n" },
    ];
    expect(joinFiles(files)).toContain("### file: a.yaml\n# file: b.yaml\n");
    expect(split(joinFiles(files), files)).toEqual(files.map(({ text }) => text));
  });
  test("files without documents, without a last line end, and with values instead of objects", () => {
    const files = [
      { path: "a.yaml", text: "" },
      { path: "b.yaml", text: "# nothing yet" },
      { path: "values.yaml", text: "replicas: 1\r\nimage: web\n" },
      { path: "d.yaml", text: "---\n---\na: 1\n---\n" },
    ];
    expect(split(joinFiles(files), files)).toEqual(files.map(({ text }) => text));
    expect(split(joinFiles(files).replace("image: web", "image: api"), files)[2]).toBe(
      "replicas: 1\r\nimage: api\n",
    );
  });
  test("a file that is no YAML can be mended", () => {
    const files = [{ path: "a.yaml", text: "--- a: 1\nb: [\n" }, ...FILES];
    const mended = joinFiles(files).replace("--- a: 1\n", "---\n").replace("b: [", "b: []");
    expect(split(mended, files)).toEqual(["---\nb: []\n", ...FILES.map(({ text }) => text)]);
  });
});

describe("errors name the line in the edited text", () => {
  test("what is no YAML, all of it", () => {
    expect(failure(JOINED.replace("{a: x}", "{a: x"))).toMatchObject({ code: "yaml-invalid", line: 12 });
    expect(failure(JOINED.replace("spec: {}", "spec: {}\nkind: Twice"))).toMatchObject({
      code: "yaml-duplicate-key",
      line: 18,
    });
    expect(failure(JOINED.replace("---\n# settings", "--- a: 1"))).toMatchObject({ line: 6 });
  });
  test("an object that is there twice", () => {
    const copy = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n";
    expect(failure(JOINED + copy)).toEqual({
      code: "layer-object-twice",
      message: "the object ConfigMap web is there twice",
      line: 19,
    });
  });
});

describe("laws", () => {
  test("what is joined and not edited comes back byte by byte", () => {
    fc.assert(
      fc.property(files, (before) => {
        expect(splitFiles(before, joinFiles(before))).toEqual({ files: before, moved: [] });
      }),
      { numRuns: 1500 },
    );
  });

  test("an edit of one document changes its file alone, to what is wanted", () => {
    const read = (text: string) => readStream(text, { file: "f" }).map(({ value }) => value);
    fc.assert(
      fc.property(files, fc.nat(), fc.constantFrom("x", 7, "two\nlines\n"), (before, chosen, added) => {
        const joined = joinFiles(before);
        const values = read(joined);
        const index = chosen % values.length;
        const wanted = values.map((value, at) => (at === index ? { ...(value as object), added } : value));
        const after = splitFiles(before, editDocuments(joined, wanted)).files;
        expect(after.flatMap(({ text }) => read(text))).toEqual(wanted);
        const counts = before.map(({ text }) => read(text).length);
        let first = 0;
        for (const [file, count] of counts.entries()) {
          const holds = first <= index && index < first + count;
          expect(after[file]?.text === before[file]?.text).toBe(!holds);
          first += count;
        }
      }),
      { numRuns: 1500 },
    );
  });
});
