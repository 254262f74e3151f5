import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../engine/model/kube-object.ts";
import { type Edit, editYaml, readStream, writeYaml } from "../../engine/yaml/index.ts";
import { json, key, trapString } from "./arbitraries.ts";
import { layout } from "./layouts.ts";

const CLUSTER = `# The cluster of the tutorial
apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata:
  name: aws-cluster   # as its directory
  tags: [service:hello-universe-frontend]

spec:
  connection: { context: kind-dev }           # or { inCluster: true }
  profiles:
    # the front end
    - { name: hello-universe, version: 1.0.0 }   # exact
    # the back end
    - name: api
      version: "1.2.0"  # quoted
  variables: {}
# the end
`;

/** The lines that an edit took away and put in. */
function changes(before: string, after: string): { gone: string[]; added: string[] } {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return { gone: a.slice(head, a.length - tail), added: b.slice(head, b.length - tail) };
}

function edited(...edits: Edit[]): { gone: string[]; added: string[] } {
  return changes(CLUSTER, editYaml(CLUSTER, edits));
}

describe("one edit is one small change of the text", () => {
  test("a scalar in a list item in braces", () => {
    expect(edited({ op: "set", path: ["spec", "profiles", 0, "version"], value: "1.1.0" })).toEqual({
      gone: ["    - { name: hello-universe, version: 1.0.0 }   # exact"],
      added: ["    - { name: hello-universe, version: 1.1.0 }   # exact"],
    });
  });
  test("a quoted scalar stays quoted", () => {
    expect(edited({ op: "set", path: ["spec", "profiles", 1, "version"], value: "1.3.0" })).toEqual({
      gone: ['      version: "1.2.0"  # quoted'],
      added: ['      version: "1.3.0"  # quoted'],
    });
  });
  test("a plain scalar with a comment, to a text that needs quotes", () => {
    expect(edited({ op: "set", path: ["metadata", "name"], value: "yes" })).toEqual({
      gone: ["  name: aws-cluster   # as its directory"],
      added: ['  name: "yes"   # as its directory'],
    });
  });
  test("append to a list in brackets", () => {
    expect(edited({ op: "append", path: ["metadata", "tags"], value: "env:dev" })).toEqual({
      gone: ["  tags: [service:hello-universe-frontend]"],
      added: ["  tags: [service:hello-universe-frontend, env:dev]"],
    });
  });
  test("append to a list: the new item stands as its neighbour does", () => {
    expect(
      edited({ op: "append", path: ["spec", "profiles"], value: { name: "db", version: "1.0.0" } }),
    ).toEqual({
      gone: [],
      added: ["    - name: db", "      version: 1.0.0"],
    });
  });
  test("remove an item: its own comment goes too", () => {
    expect(edited({ op: "remove", path: ["spec", "profiles", 1] })).toEqual({
      gone: ["    # the back end", "    - name: api", '      version: "1.2.0"  # quoted'],
      added: [],
    });
  });
  test("remove the only item in brackets", () => {
    expect(edited({ op: "remove", path: ["metadata", "tags", 0] }).added).toEqual(["  tags: []"]);
  });
  test("remove a field", () => {
    expect(edited({ op: "remove", path: ["metadata", "tags"] })).toEqual({
      gone: ["  tags: [service:hello-universe-frontend]"],
      added: [],
    });
  });
  test("remove the field that stands behind a dash", () => {
    expect(edited({ op: "remove", path: ["spec", "profiles", 1, "name"] })).toEqual({
      gone: ["    - name: api", '      version: "1.2.0"  # quoted'],
      added: ['    - version: "1.2.0"  # quoted'],
    });
  });
  test("set in braces that are empty", () => {
    expect(edited({ op: "set", path: ["spec", "variables", "region"], value: "eu" })).toEqual({
      gone: ["  variables: {}"],
      added: ["  variables: { region: eu }"],
    });
  });
  test("set through parents that are missing", () => {
    expect(edited({ op: "set", path: ["spec", "sync", "every", "seconds"], value: 30 })).toEqual({
      gone: [],
      added: ["  sync:", "    every:", "      seconds: 30"],
    });
  });
  test("braces replaced by braces", () => {
    expect(edited({ op: "set", path: ["spec", "connection"], value: { inCluster: true } })).toEqual({
      gone: ["  connection: { context: kind-dev }           # or { inCluster: true }"],
      added: ["  connection: { inCluster: true }           # or { inCluster: true }"],
    });
  });
  test("a list that is set is only edited where it differs", () => {
    const value = [
      { name: "hello-universe", version: "1.0.0" },
      { name: "api", version: "2.0.0" },
      { name: "db", version: "1.0.0" },
    ];
    expect(edited({ op: "set", path: ["spec", "profiles"], value })).toEqual({
      gone: ['      version: "1.2.0"  # quoted'],
      added: ['      version: "2.0.0"  # quoted', "    - name: db", "      version: 1.0.0"],
    });
    expect(edited({ op: "set", path: ["spec", "profiles"], value: value.slice(1) })).toEqual({
      gone: [
        "    # the front end",
        "    - { name: hello-universe, version: 1.0.0 }   # exact",
        "    # the back end",
        "    - name: api",
        '      version: "1.2.0"  # quoted',
      ],
      added: [
        "    # the back end",
        "    - name: api",
        '      version: "2.0.0"  # quoted',
        "    - name: db",
        "      version: 1.0.0",
      ],
    });
  });
  test("a list item by index, behind the last", () => {
    expect(edited({ op: "set", path: ["spec", "profiles", 2, "name"], value: "db" }).added).toEqual([
      "    - name: db",
    ]);
  });
  test("text of several lines", () => {
    expect(edited({ op: "set", path: ["metadata", "description"], value: "a\nb\n" }).added).toEqual([
      "  description: |",
      "    a",
      "    b",
    ]);
  });
  test("CRLF, a byte order mark and a missing last line end stay", () => {
    const text = `\uFEFF${CLUSTER.trimEnd().replaceAll("\n", "\r\n")}`;
    const after = editYaml(text, [
      { op: "append", path: ["spec", "profiles"], value: { name: "db", version: "1.0.0" } },
      { op: "set", path: ["metadata", "name"], value: "b" },
    ]);
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(after).toMatch(/^\uFEFF# The cluster/);
    expect(after).toMatch(/# the end$/);
    expect(after).toContain("\r\n    - name: db\r\n      version: 1.0.0\r\n  variables: {}\r\n");
  });
  test("line ends that differ in one file stay as they are", () => {
    expect(editYaml("a: 1\r\nb: 2\nc: 3\r\n", [{ op: "set", path: ["a"], value: 4 }])).toBe(
      "a: 4\r\nb: 2\nc: 3\r\n",
    );
  });
  test("an anchor that others use: the value is right, and the rest stays", () => {
    const text = "# head\na: &a 1 # one\nb: *a\nc: 3 # three\n";
    const after = editYaml(text, [{ op: "set", path: ["a"], value: 2 }]);
    expect(readStream(after, { file: "f" })[0]?.value).toEqual({ a: 2, b: 1, c: 3 });
    expect(after).toMatch(/^# head\n/);
  });
  test("a file of comments alone keeps them", () => {
    expect(editYaml("# head\n\n", [{ op: "set", path: ["a", "b"], value: 1 }])).toBe(
      "# head\n\na:\n  b: 1\n",
    );
  });
});

describe("what cannot be edited", () => {
  const code = (text: string, edit: Edit) => {
    try {
      return editYaml(text, [edit]);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  test("a path through a scalar, behind the end of a list, a list that is none", () => {
    expect(code("a: 1\n", { op: "set", path: ["a", "b"], value: 1 })).toBe("yaml-edit-impossible");
    expect(code("a: [1]\n", { op: "set", path: ["a", 2], value: 1 })).toBe("yaml-edit-impossible");
    expect(code("a: {}\n", { op: "append", path: ["a"], value: 1 })).toBe("yaml-edit-impossible");
    expect(code("a: []\n", { op: "set", path: ["a", "b"], value: 1 })).toBe("yaml-edit-impossible");
  });
  test("two documents, and no YAML", () => {
    expect(code("a: 1\n---\nb: 1\n", { op: "set", path: ["a"], value: 2 })).toBe("yaml-invalid");
    expect(code("a: [1\n", { op: "set", path: ["a"], value: 2 })).toBe("yaml-invalid");
  });
});

type Path = readonly (string | number)[];

/** All paths of a value. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [path, ...entries.flatMap(([part, child]) => pathsOf(child, [...path, part]))];
}

/** The same edit on plain data: an independent statement of what it means. */
function model(root: Json, edit: Edit): unknown {
  const holder: Record<string, unknown> = { root: structuredClone(root) };
  const path = ["root", ...edit.path];
  let at = holder as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  if (edit.op === "append") (at[last] as unknown[]).push(edit.value);
  else if (edit.op === "set")
    Object.defineProperty(at, last, {
      value: edit.value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else if (edit.path.length > 0) delete at[last];
  return holder.root;
}

const editOf = (value: Json): fc.Arbitrary<Edit> => {
  const paths = pathsOf(value);
  const at = (path: Path): Json =>
    path.reduce<Json>((node, part) => (node as Record<string | number, Json>)[part] ?? null, value);
  const lists = paths.filter((path) => Array.isArray(at(path)));
  const maps = paths.filter(
    (path) => typeof at(path) === "object" && at(path) !== null && !Array.isArray(at(path)),
  );
  const any = fc.constantFrom(...paths);
  return fc.oneof(
    fc.record({ op: fc.constant("set" as const), path: any, value: json }),
    fc.record({ op: fc.constant("set" as const), path: any, value: trapString }),
    ...(paths.length > 1
      ? [fc.record({ op: fc.constant("remove" as const), path: fc.constantFrom(...paths.slice(1)) })]
      : []),
    ...(lists.length > 0
      ? [fc.record({ op: fc.constant("append" as const), path: fc.constantFrom(...lists), value: json })]
      : []),
    ...(maps.length > 0
      ? [
          fc
            .tuple(fc.constantFrom(...maps), key, json)
            .map(([path, name, added]): Edit => ({ op: "set", path: [...path, name], value: added })),
        ]
      : []),
  );
};

const stringify = (value: unknown) => JSON.stringify(sorted(value));

/** Keys in order, so that only what is there counts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
}

const document: fc.Arbitrary<Json> = fc.oneof(
  { weight: 1, arbitrary: json },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.tuple(key, json), { minLength: 1, maxLength: 4 })
      .map((pairs) => Object.fromEntries(pairs)),
  },
);

describe("laws", () => {
  test("the result reads as exactly the intended value, however the file is written", () => {
    const cases = document.chain((value) => fc.tuple(fc.constant(value), layout(value), editOf(value)));
    fc.assert(
      fc.property(cases, ([value, text, edit]) => {
        const after = editYaml(text, [edit]);
        expect(stringify(readStream(after, { file: "f" })[0]?.value ?? null)).toBe(
          stringify(model(value, edit)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  test("an edit that changes nothing returns the same text", () => {
    const cases = document.chain((value) =>
      fc.tuple(fc.constant(value), layout(value), fc.constantFrom(...pathsOf(value))),
    );
    fc.assert(
      fc.property(cases, ([value, text, path]) => {
        const here = path.reduce<Json>(
          (node, part) => (node as Record<string | number, Json>)[part] ?? null,
          value,
        );
        expect(editYaml(text, [{ op: "set", path, value: here }])).toBe(text);
        expect(editYaml(text, [{ op: "remove", path: [...path, "no such key"] }])).toBe(text);
      }),
    );
  });

  test("setting a scalar changes one line, and no comment gets lost", () => {
    const word = fc.constantFrom("a", "b c", "1.0.0", "yes", "0644", "x: y", "d, e", "f #g");
    const flat = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), word, { minKeys: 1 });
    const nested = fc.record({ meta: flat, list: fc.array(flat, { minLength: 1, maxLength: 3 }) });
    const cases = nested.chain((value) =>
      fc.tuple(
        layout(value),
        fc.constantFrom(
          ...pathsOf(value).filter(
            (path) => path.length > 1 && path.at(-1) !== 0 && typeof path.at(-1) === "string",
          ),
        ),
        word,
      ),
    );
    fc.assert(
      fc.property(cases, ([text, path, value]) => {
        const after = editYaml(text, [{ op: "set", path, value }]);
        const { gone, added } = changes(text, after);
        expect(gone.length).toBeLessThanOrEqual(1);
        expect(added.length).toBeLessThanOrEqual(1);
        expect(after.match(/# note \d+/g)).toEqual(text.match(/# note \d+/g));
      }),
    );
  });

  test("what writeYaml wrote, edited, is as writeYaml writes the result", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "c"), trapString, { minKeys: 2 }),
        trapString,
        (value, added) => {
          const after = editYaml(writeYaml(value), [{ op: "set", path: ["z", "y"], value: added }]);
          expect(after).toBe(writeYaml({ ...value, z: { y: added } }));
        },
      ),
    );
  });
});
