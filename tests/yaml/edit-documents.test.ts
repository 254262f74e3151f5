import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/model/errors.ts";
import type { Json } from "../../engine/model/kube-object.ts";
import { editDocuments, readStream } from "../../engine/yaml/index.ts";
import { type Edit, editJson } from "../../engine/yaml/json-edit.ts";

const read = (text: string): Json[] => readStream(text, { file: "f" }).map(({ value }) => value);

/** The text after edits of its documents, each with the number of its document. */
function edit(text: string, ...edits: [number, Edit][]): string {
  const wanted = read(text);
  for (const [index, step] of edits) wanted[index] = editJson(wanted[index] ?? null, step);
  const after = editDocuments(text, wanted);
  expect(read(after)).toEqual(wanted);
  return after;
}

const set = (path: (string | number)[], value: Json): [number, Edit] => [0, { op: "set", path, value }];
const remove = (...path: (string | number)[]): [number, Edit] => [0, { op: "remove", path }];

const SHOP = `# The shop, by its owners

# front end
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # as its folder
  labels: &labels
    app: web # shared
    tier: front
spec:
  replicas: 3
  selector:
    matchLabels: *labels
  template:
    metadata:
      labels:
        <<: *labels
        extra: "1" # own
    spec:
      containers:
      # the page
      - name: web
        image: web:1.0.0 # pinned
        args: [--port, "8080"]   # as the Service
      # the log
      - name: log
        image: log:1.0.0
--- # settings
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  mode: 'fast'
  page.html: |  # the page
    <p>
      one
    </p>
---
# nothing here yet
---
kind: Service
apiVersion: v1
metadata:
    name: web
spec:
    ports:
        - port: 80 # http
          targetPort: 8080
`;

describe("a multi-document file with comments, anchors and merge keys", () => {
  test("one field is one line", () => {
    expect(edit(SHOP, set(["spec", "replicas"], 1))).toBe(SHOP.replace("replicas: 3", "replicas: 1"));
    expect(edit(SHOP, [1, { op: "set", path: ["data", "mode"], value: "it's slow" }])).toBe(
      SHOP.replace("'fast'", "'it''s slow'"),
    );
    expect(edit(SHOP, [2, { op: "set", path: ["spec", "ports", 0, "port"], value: 81 }])).toBe(
      SHOP.replace("port: 80 #", "port: 81 #"),
    );
  });
  test("one line of a block scalar is one line", () => {
    const page = "<p>\n  two\n</p>\n";
    expect(edit(SHOP, [1, { op: "set", path: ["data", "page.html"], value: page }])).toBe(
      SHOP.replace("      one", "      two"),
    );
  });
  test("a field of one container among several, reordered containers, one more and one less", () => {
    const path = ["spec", "template", "spec", "containers"];
    expect(edit(SHOP, set([...path, 1, "image"], "log:2.0.0"))).toBe(SHOP.replace("log:1.0.0", "log:2.0.0"));
    const page = /      # the page\n[^]*as the Service\n/.exec(SHOP)?.[0] ?? "";
    const log = /      # the log\n[^]*log:1.0.0\n/.exec(SHOP)?.[0] ?? "";
    const [web, logger] = [
      { name: "web", image: "web:1.0.0", args: ["--port", "8080"] },
      { name: "log", image: "log:1.0.0" },
    ];
    const moved = edit(SHOP, set(path, [logger ?? null, { ...web, image: "web:2.0.0" }]));
    expect(moved).toBe(SHOP.replace(page + log, log + page.replace("web:1.0.0", "web:2.0.0")));
    expect(edit(SHOP, set(path, [logger ?? null]))).toBe(SHOP.replace(page, ""));
    expect(edit(SHOP, set(path, [web, { name: "new" }, logger ?? null]))).toBe(
      SHOP.replace(log, `      - name: new\n${log}`),
    );
  });
  test("an edit behind an alias changes nobody else: only that alias is written out", () => {
    expect(edit(SHOP, set(["spec", "selector", "matchLabels", "app"], "api"))).toBe(
      SHOP.replace("matchLabels: *labels", "matchLabels:\n      app: api\n      tier: front"),
    );
  });
  test("an edit behind a merge is a key below it, and what the merge may not bring ends it", () => {
    const labels = ["spec", "template", "metadata", "labels"];
    expect(edit(SHOP, set([...labels, "tier"], "back"))).toBe(
      SHOP.replace("        <<: *labels\n", "        <<: *labels\n        tier: back\n"),
    );
    expect(edit(SHOP, remove(...labels, "tier"))).toBe(
      SHOP.replace(
        '        <<: *labels\n        extra: "1" # own\n',
        '        extra: "1" # own\n        app: web\n',
      ),
    );
  });
  test("an edit of what has the anchor keeps the others as they were", () => {
    expect(edit(SHOP, set(["metadata", "labels", "tier"], "all"))).toBe(
      SHOP.replace("tier: front\n", "tier: all\n")
        .replace("matchLabels: *labels", "matchLabels:\n      app: web\n      tier: front")
        .replace("        <<: *labels\n", "        <<: *labels\n        tier: front\n"),
    );
  });
  test("an edit of all that share an anchor is one line", () => {
    const tier = [
      set(["metadata", "labels", "tier"], "all"),
      set(["spec", "selector", "matchLabels", "tier"], "all"),
      set(["spec", "template", "metadata", "labels", "tier"], "all"),
    ];
    expect(edit(SHOP, ...tier)).toBe(SHOP.replace("tier: front\n", "tier: all\n"));
  });
  test("the anchor goes: all of it is written out", () => {
    const after = edit(SHOP, remove("metadata", "labels"));
    expect(after).not.toMatch(/[&*]labels/);
    expect(after.match(/# .*/g)).toEqual(SHOP.match(/# .*/g)?.filter((comment) => comment !== "# shared"));
  });
  test("documents come and go with the lines that begin them; all others keep their bytes", () => {
    const [first = null, second = null, third = null] = read(SHOP);
    const settings = /--- # settings[^]*<\/p>\n/.exec(SHOP)?.[0] ?? "";
    expect(editDocuments(SHOP, [first, undefined, third])).toBe(SHOP.replace(settings, ""));
    expect(editDocuments(SHOP, [undefined, second, third])).toBe(
      `# The shop, by its owners\n\n${SHOP.slice(SHOP.indexOf("--- # settings"))}`,
    );
    expect(editDocuments(SHOP, [first, second, third, { a: 1 }, { b: 1 }])).toBe(
      `${SHOP}---\na: 1\n---\nb: 1\n`,
    );
    expect(editDocuments("a: 1\n---\nb: 1\n", [undefined, { b: 1 }])).toBe("b: 1\n");
    expect(editDocuments("a: 1\n", [])).toBe("");
  });
  test("Windows line ends, a byte order mark and no last line end stay", () => {
    const windows = (text: string) => `\uFEFF${text.trimEnd().replaceAll("\n", "\r\n")}`;
    const edits = [set(["metadata", "added"], { a: ["b"] }), remove("spec", "replicas")];
    expect(edit(windows(SHOP), ...edits)).toBe(windows(edit(SHOP, ...edits)));
    const last: [number, Edit] = [2, { op: "append", path: ["spec", "ports"], value: { port: 443 } }];
    expect(edit(windows(SHOP), last)).toBe(windows(edit(SHOP, last)));
    expect(editDocuments(windows("a: 1\nc: 2\n"), [{ a: 1, c: 2 }, { b: 1 }])).toBe(
      windows("a: 1\nc: 2\n---\nb: 1\n"),
    );
  });
  test("edited three times in a row, it keeps the user's comments, and back again it is the same file", () => {
    const once = edit(SHOP, set(["spec", "replicas"], 1), set(["metadata", "labels", "new"], "yes"));
    const path = ["spec", "template", "spec", "containers", 0];
    const twice = edit(
      once,
      set([...path, "env"], [{ name: "A", value: "1" }]),
      set([...path, "args", 1], "90"),
    );
    const thrice = edit(
      twice,
      set([...path, "env", 0, "value"], "2"),
      [1, { op: "set", path: ["data", "page.html"], value: "short" }],
      [2, { op: "append", path: ["spec", "ports"], value: { port: 443, name: "https" } }],
    );
    for (const text of [once, twice, thrice]) expect(text.match(/# .*/g)).toEqual(SHOP.match(/# .*/g));
    expect(editDocuments(once, read(SHOP)).match(/# .*/g)).toEqual(SHOP.match(/# .*/g));
    expect(editDocuments(thrice, read(twice))).toBe(twice);
  });
});

describe("what is written stays as it is written", () => {
  test("numbers", () => {
    const text = "a: 0644\nb: 1e3\nc: 9007199254740991\nd: 0x1F\ne: 1_000\nf: yes\n";
    expect(edit(text, set(["g"], 1))).toBe(`${text}g: 1\n`);
    expect(edit(text, set(["a"], 0o755), set(["d"], 32), set(["b"], 2))).toBe(
      text.replace("0644", "0755").replace("1e3", "2").replace("0x1F", "0x20"),
    );
    for (const [value, written] of [
      [1e21, "1.0e+21"],
      [-1, "-1"],
      [1.5, "1.5"],
    ] as const)
      expect(edit(text, set(["a"], value))).toBe(text.replace("0644", written));
  });
  test("folded and kept block scalars, their indicators and comments", () => {
    const text = "a: >- # folded\n  one\n  two\n\n  three\nb: |+ # kept\n  x\n\n\nc: |\n  x\n";
    expect(edit(text, set(["a"], "one\nthree"))).toBe(text.replace("one\n  two\n", "one\n"));
    expect(edit(text, set(["b"], "y\n\n"))).toBe(text.replace("  x\n\n\n", "  y\n\n"));
    expect(edit(text, set(["b"], "y\n"))).toBe(text.replace("  x\n\n\n", "  y\n"));
    expect(edit(text, set(["c"], "x"))).toBe(text.replace("c: |\n", "c: |-\n"));
    expect(edit(text, set(["c"], "  x\n"))).toBe(text.replace("c: |\n  x\n", 'c: "  x\\n"\n'));
  });
  test("JSON stays JSON", () => {
    const text = '{\n  "a": 1,\n  "b": [\n    1,\n    2\n  ],\n  "c": {"x": "y"}\n}\n';
    const after = edit(text, set(["b", 2], 3), set(["c", "z"], ["w"]), set(["d"], { e: null }), remove("a"));
    expect(after).toBe(
      '{\n  "b": [\n    1,\n    2,\n    3\n  ],\n  "c": {"x": "y", "z": ["w"]},\n  "d": {"e": null}\n}\n',
    );
    expect(JSON.parse(edit(text, remove("b", 1), remove("c")))).toEqual({ a: 1, b: [1] });
  });
  test("brackets over several lines", () => {
    const text = "a: [\n  1, # one\n  # two\n  2,\n  3, # three\n]\nb: {x: 1, # one\n  z: 2} # two\n";
    expect(edit(text, remove("a", 1))).toBe(text.replace("  # two\n  2,\n", ""));
    expect(edit(text, set(["a", 3], 4))).toBe(text.replace("# three\n", "# three\n  4,\n"));
    expect(edit(text, remove("b", "z"))).toBe(text.replace(", # one\n  z: 2", ""));
  });
  test("what goes on in the first column, as YAML 1.1 allows", () => {
    const text = 'a: [\n1, # one\n2\n]\nb: "x\ny" # text\nc: 3\n';
    expect(edit(text, set(["a", 1], 5), set(["c"], 4))).toBe(text.replace("2\n]", "5\n]").replace("3", "4"));
  });
  test("a list of Kubernetes' kind List is edited item by item", () => {
    const text =
      "apiVersion: v1\nkind: List\nitems:\n# one\n- kind: A\n  metadata: {name: x} # x\n# two\n- kind: A\n  metadata: {name: z}\n";
    const after = edit(text, set(["items"], [{ kind: "A", metadata: { name: "z" }, spec: 1 }]));
    expect(after).toBe(
      "apiVersion: v1\nkind: List\nitems:\n# two\n- kind: A\n  metadata: {name: z}\n  spec: 1\n",
    );
  });
  test("new text is indented as the document is", () => {
    const text = "a:\n    b:\n    - 1\n    c: 1\n";
    expect(edit(text, set(["a", "d"], { e: ["x"] }))).toBe(`${text}    d:\n        e:\n        - x\n`);
  });
  test("scalars move with their comments", () => {
    const text = "a:\n  - x # one\n  # above\n  - z # two\n  - w\n";
    expect(edit(text, set(["a"], ["w", "z", "x"]))).toBe("a:\n  - w\n  # above\n  - z # two\n  - x # one\n");
  });
  test("a comment belongs to what stands right below it, as far as it is indented", () => {
    const text = "a:\n  # of b\n  b: 1\n  # of c\n\n  c: 2\n  # in a\nd:\n  e: 1\n    # in e\n  f: 2\n";
    expect(edit(text, remove("a", "b"))).toBe(text.replace("  # of b\n  b: 1\n", ""));
    expect(edit(text, remove("a", "c"))).toBe(text.replace("  c: 2\n", ""));
    expect(edit(text, remove("a"))).toBe(text.slice(text.indexOf("d:")));
    expect(edit(text, remove("d", "e"))).toBe(text.replace("  e: 1\n    # in e\n", ""));
    expect(edit(text, set(["a", "new"], 3))).toBe(text.replace("c: 2\n", "c: 2\n  new: 3\n"));
  });
  test("a scalar becomes a collection and the other way round; the comment behind stays", () => {
    const text = "a: 1 # one\nb: # two\n  c: 1\nd: | # three\n  text\ne: [] # four\nf: # five\n";
    const edits = [
      set(["a"], { x: [1] }),
      set(["b"], "u"),
      set(["d"], { z: 1 }),
      set(["e"], "w"),
      set(["f"], ["v"]),
    ];
    expect(edit(text, ...edits)).toBe(
      "a: # one\n  x:\n    - 1\nb: u # two\nd: # three\n  z: 1\ne: w # four\nf: # five\n  - v\n",
    );
  });
  test("a new field stands behind the one that it follows", () => {
    const text = "a: 1\nb: 2 # two\nc: 3\n";
    expect(editDocuments(text, [{ a: 1, b: 2, new: { x: 1 }, c: 3 }])).toBe(
      text.replace("# two\n", "# two\nnew:\n  x: 1\n"),
    );
  });
});

describe("where a small change would mean something else", () => {
  test("explicit keys, keys that are aliases, anchors that are redefined, merges of more than aliases", () => {
    for (const text of [
      "# h\n? a\n: 1\n? b\n: {x: 2}\n",
      "k: &k a\no:\n  *k : 1\n  b: 2 # c\n",
      "a: &x [&x 1, *x]\nb: {x: *x}\n",
      "a: &x {b: 1}\nb: {b: 0, <<: *x, c: 3}\n",
      "a:\n  <<: {b: 1}\n  c: 2\n",
      "a:\n- &x k: v\n  l: 1\n- *x\n",
      'a: !!str 1\nb: !!int "2"\n',
      "a: &x 1\nb: &x 2\nc: [*x, *x]\n",
    ]) {
      const [value] = read(text) as Record<string, Json>[];
      for (const key of Object.keys(value ?? {})) {
        edit(text, set([key], 7));
        edit(text, remove(key));
        edit(text, set([key], { b: 2, c: 3, x: 9 }), set(["new"], "x"));
      }
    }
  });
  test("a part that must be written anew leaves the rest as it is", () => {
    const text = "# head\na: 1 # one\nb:\n  ? c\n  : 1 # lost\n  ? d\n  : 2\nz: 3 # three\n";
    expect(edit(text, set(["b", "c"], 5))).toBe("# head\na: 1 # one\nb:\n  c: 5\n  d: 2\nz: 3 # three\n");
  });
  test("a key that a merge below it hid comes to light, and it alone is written anew", () => {
    const text = "a: &x {b: 1}\nc: # one\n  b: 0 # hidden\n  <<: *x\nd: 1 # two\n";
    expect(edit(text, remove("a"))).toBe("c: # one\n  b: 1 # hidden\nd: 1 # two\n");
  });
  test("what no reader would take is refused", () => {
    expect(() => editDocuments("a: 1\n", [{ a: "\ud800" }])).toThrow(EngineError);
    expect(() => editDocuments("\uFEFF\uFEFFa: 1\n", [{ a: 2 }])).toThrow(EngineError);
    expect(() => editDocuments("a: 1\nb: [\n", [{ a: 2 }], { file: "x.yaml" })).toThrow(
      expect.objectContaining({ code: "yaml-invalid", place: expect.objectContaining({ file: "x.yaml" }) }),
    );
  });
});

test("10,000 lines with a thousand changes: each is one line", () => {
  const item = (index: number) =>
    `  # item ${index}\n  - name: n${index}\n    image: x # pinned\n    data: |\n      one\n      ${index}\n\n    args: [a, b]\n    m:\n      k: ${index}\n`;
  const text = `list:\n${Array.from({ length: 1000 }, (_, index) => item(index)).join("")}`;
  const [value] = read(text) as [{ list: Record<string, Json>[] }];
  const wanted = value.list.map((entry, index) => ({ ...entry, image: `y${index}` }));
  const after = editDocuments(text, [{ list: wanted }]);
  let index = 0;
  expect(after).toBe(text.replaceAll(/image: x/g, () => `image: y${index++}`));
  const turned = editDocuments(text, [{ list: value.list.toReversed() }]);
  expect(turned.match(/# .*/g)?.toSorted()).toEqual(text.match(/# .*/g)?.toSorted());
});
