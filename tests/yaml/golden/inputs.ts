/** One input of the table. */
export interface Input {
  readonly name: string;
  /** The whole manifest; bytes where it is no text. */
  readonly manifest: string | Uint8Array;
  /** Where Strata deliberately does something else than kubectl: the reason, and what it does instead. */
  readonly differs?: {
    readonly why: string;
    /** The code with which Strata refuses, or the objects that it reads. */
    readonly strata: string | readonly unknown[];
  };
}

const HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

/** What `x: <text>` makes of each text, on one line. */
const SCALARS = [
  "0644", "0o644", "0O17", "0_644", "00", "08", "019", "09.5",
  "yes", "Yes", "YES", "yEs", "no", "on", "On", "off", "y", "Y", "n", "N", "true", "True", "tRUE",
  "1_000", "1__0", "_1", "-_1", "0x1F", "0X1f", "0x1_F", "0xG", "0b11", "0B11", "-0b11", "0b-1", "0b102",
  "+1", "-1", "-0", "+0", "-0.0", "+", ".5", "-.5", "5.", ".", ".5_0", "1_0.5_0", "1e3", "1E3", "1e+3", "1e-3", "1e",
  "1e400", ".5e400", "0x1.8p1", "0xFFFFFFFFFFFFFFFFF", "~", "null", "Null", "nUll", "2001-01-01", "2001-12-14 21:59:43.10",
  "2001-12-14t21:59:43.10-05:00", "12:30", "12:30:45", "1.0", "1.10", "1.2.3", "9007199254740991",
  '"0644"', "'yes'", '"a\\tb"', "'it''s'", '"\\u263A\\x41\\U0001F600"', '"\\N\\_\\L\\P\\e\\0"', '"\\q"', "😀", "a\u00a0b",
  "=", "<<", "a b", "a#b", "a #b", "a: b", "@x", "`x", "%x", "*x", "&x 1", "-x", "?x", ":x",
  "!!str 1", '!!int "1"', "!!int abc", "!!float 1", "!!bool yes", "!!null ~", "!!null x", "!!timestamp 2001-01-01",
  "!!binary aGVsbG8=", "!!binary x", "!foo 12", "!foo", "! 12", '! "12"', "!<tag:yaml.org,2002:int> \"7\"",
  "[a, b]", "[a,]", "[a,,b]", "{a, b: }", "{a:1}", '{"a":1}', "[a: 1]", "[http://x:80/y]", "[a b, 0644]", "a\tb", "a\t", "a\u0007b", "a\u0000b", "a\u007fb", "a\rb", "a\u2028b",
];

/** Keys of a mapping. */
const KEYS = [
  "1", "0644", "1.5", "1.10", "1e6", "1e5", "0.00001", "16777217.0", "1e40", ".inf", "-0.0", "yes", "true", "null", "~",
  '"<<"', "2001-01-01", "12:30", "0x1F", "? a\n  ", "? [a]\n  ", "[a]", "{a: b}", "=", "a b", "a ", "__proto__", "constructor",
];

/** What follows `data:` in block style. */
const BLOCKS: Readonly<Record<string, string>> = {
  "literal": "  x: |\n    a\n     b\n\n    c\n\n\n",
  "literal, strip": "  x: |-\n    a\n\n",
  "literal, keep": "  x: |+\n    a\n\n\n  y: b\n",
  "literal at the end without a line end": "  x: |\n    a",
  "literal, keep, at the end without a line end": "  x: |+\n    a",
  "literal with an indentation indicator": "  x: |2\n      a\n    b\n",
  "literal with a comment in its head": "  x: | # c\n    # no comment\n    a\n",
  "literal that is empty": "  x: |\n  y: a\n",
  "folded": "  x: >\n    a\n    b\n\n    c\n      d\n    e\n",
  "folded, strip": "  x: >-\n    a\n\n\n    b\n\n",
  "folded, keep": "  x: >+\n    a\n\n  y: b\n",
  "plain over lines": "  x: a\n    b\n\n    c\n",
  "double quoted over lines": '  x: "a\n    b\n\n    c \\\n    d"\n',
  "double quoted to the first column": '  x: "a\nb"\n',
  "single quoted to the first column": "  x: 'a\n\nb'\n",
  "brackets that close in the first column": "  x: [\n    a,\n    b\n]\n",
  "brackets all in the first column": "  x: [\na,\n{b: c,\nd: e}\n]\n  y: z\n",
  "alias": "  x: &a {b: 1}\n  y: *a\n",
  "alias of a scalar as a key": "  x: &a k\n  *a : v\n",
  "alias that is not known": "  x: *a\n",
  "alias in its own value": "  x: &a [*a]\n",
  "anchor that is set twice": "  x: &a 1\n  y: &a 2\n  z: *a\n",
  "merge": "  b: &b {x: 1, y: 2}\n  a:\n    <<: *b\n    y: 3\n",
  "merge behind a key, which it overrides": "  b: &b {x: 1, y: 2}\n  a:\n    y: 3\n    <<: *b\n",
  "merge of a list, the first wins": "  b: &b {x: 1}\n  c: &c {x: 2, z: 3}\n  a:\n    <<: [*b, *c]\n    q: 1\n",
  "merge twice in a mapping": "  a:\n    <<: {x: 1}\n    <<: {x: 2}\n",
  "merge of an inline mapping": "  a:\n    <<: {x: 1}\n    x: 2\n",
  "merge of a scalar": "  a:\n    <<: 1\n",
  "merge of null": "  a:\n    <<:\n",
  "merge of an alias of a list": "  b: &b [{x: 1}]\n  a:\n    <<: *b\n",
  "merge by tag": "  a:\n    !!merge <<: {x: 1}\n",
  "list at the column of its key": "  x:\n  - a\n  - b:\n    c: d\n",
  "list of lists": "  x:\n    - - a\n      - b\n    -\n    - c\n",
  "binary block": "  x: !!binary |\n    aGVs\n    bG8=\n",
  "tagged mapping and list": "  x: !foo {a: 1}\n  y: !!seq [1]\n  z: !!set {q, r}\n",
  "tag on nothing": "  x: !!str\n  y: !foo\n",
  "comments everywhere": "  # c\n  x: a # d\n\n  # e\n  y: b\n# f\n",
  "tab as indentation": "\tx: a\n",
  "tab behind a colon": "  x:\ta\n",
  "tab before a comment": "  x: a\t# c\n",
  "key with a colon but no space": "  x:a\n",
  "indentation that goes back half way": "    x: a\n  y: b\n",
  "bracket that stays open": "  x: [a\n  y: b\n",
  "quote that stays open": '  x: "a\n  y: b\n',
  "text behind a quote": '  x: "a" b\n',
  "two colons": "  x: a: b\n",
  "U+2028 in quotes": '  x: "a\u2028b"\n',
  "U+0085 in a literal": "  x: |\n    a\u0085b\n",
  "a long line": `  x: "${"long ".repeat(1000)}"\n`,
  "separator within quotes": '  x: "a\n---\nb"\n',
  "separator within a literal, indented": "  x: |\n    ---\n    a\n",
};

const OBJECT = (name: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`;
const BOMB_LEVELS = ["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefgh".split("").map((key, index) => {
  const alias = `*${"abcdefg"[index]}`;
  return `${key}: &${key} [${Array.from({ length: 9 }, () => alias).join(",")}]`;
})];

/** Whole files. */
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  "empty": "",
  "comments only": "# a\n\n# b\n",
  "separators only": "---\n---\n",
  "null": "null\n",
  "two documents": `${HEAD}---\n${OBJECT("b")}\n`,
  "empty documents between": `---\n# c\n---\n${HEAD}---\n\n---\nnull\n---\n`,
  "separator with a comment": `--- # c\n${HEAD}`,
  "separator with content": `--- ${OBJECT("a")}\n`,
  "separator glued to text": `${HEAD}---a\n`,
  "separator with a block scalar": "--- |\n a\n",
  "document end": `${HEAD}...\n`,
  "document end and a separator": `${HEAD}...\n---\n${OBJECT("b")}\n`,
  "%YAML 1.1": `%YAML 1.1\n---\n${HEAD}`,
  "%YAML 1.2": `%YAML 1.2\n---\n${HEAD}`,
  "%TAG": `%TAG !e! tag:e,2000:\n---\n${HEAD}`,
  "byte order mark": `\uFEFF${HEAD}`,
  "byte order mark and separator": `\uFEFF---\n${HEAD}`,
  "CRLF": `${HEAD}data:\n  x: |\n    a\n    b\n  y: c\n---\n${OBJECT("b")}\n`.replaceAll("\n", "\r\n"),
  "no line end": HEAD.trimEnd(),
  "JSON": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"yes","y":"\\u00e9"}}',
  "JSON indented with tabs": '{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap",\n\t"metadata": {\n\t\t"name": "a"\n\t}\n}\n',
  "JSON with a surrogate pair and an escaped slash": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"\\ud83d\\ude00\\/"}}',
  "JSON with U+2028": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"a\u2028b"}}',
  "control character": `${HEAD}data: {x: "a\u0001"}\n`,
  "a scalar": "hello\n",
  "a list": "- a\n- b\n",
  "kind is missing": "apiVersion: v1\nmetadata: {name: a}\n",
  "apiVersion is a number": "apiVersion: 1\nkind: ConfigMap\nmetadata: {name: a}\n",
  "name is a number": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n",
  "name is a boolean word": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y}\n",
  "namespace is a number": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: 1}\n",
  "label is a number": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: 1}}\n",
  "annotation is a boolean": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {x: true}}\n",
  // Offline, neither knows the schema; the API server refuses it: `.data.x: expected string`.
  "value of a ConfigMap is a number": `${HEAD}data: {x: 1}\n`,
  "labels are null": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: null}\n",
  "List": `apiVersion: v1\nkind: List\nitems:\n- ${OBJECT("a")}\n- ${OBJECT("b")}\n`,
  "typed List, kinds from the list": "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n",
  "typed List, item with half a kind": "apiVersion: v1\nkind: ConfigMapList\nitems:\n- kind: ConfigMap\n  metadata: {name: a}\n",
  "List, item without kind": "apiVersion: v1\nkind: List\nitems:\n- metadata: {name: a}\n",
  "List without items": "apiVersion: v1\nkind: List\nitems: []\n",
  "List with a scalar": `apiVersion: v1\nkind: List\nitems:\n- ${OBJECT("a")}\n- 1\n`,
  "List with items that are no list": "apiVersion: v1\nkind: List\nitems: {a: 1}\n",
  "another kind with items": `apiVersion: v1\nkind: Foo\nmetadata: {name: f}\nitems:\n- ${OBJECT("a")}\n`,
  "anchors do not reach the next document": `a: &a 1\n${HEAD}---\n${HEAD}data: {x: *a}\n`,
  "aliases that expand a hundredfold": `${HEAD}data:\n${BOMB_LEVELS.slice(0, 3).map((line) => `  ${line}\n`).join("")}`,
  "aliases that expand without end": `${HEAD}data:\n${BOMB_LEVELS.map((line) => `  ${line}\n`).join("")}`,
  "900 levels deep": `${HEAD}data: ${"[".repeat(900)}${"]".repeat(900)}\n`,
};

const BIG = "JavaScript rounds integers from 2^53 on, and a silently changed number is worse than a refusal";
const LOSSY = "a float that stands for such an integer has lost digits already in kubectl";
const LAST_WINS = "kubectl silently takes the last one, and the API server never sees the other";
const LENIENT = "YAML 1.2 allows it, and its meaning is not in doubt";

function value(text: string, differs?: Input["differs"]): Input {
  return { name: `value ${JSON.stringify(text)}`, manifest: `${HEAD}data:\n  x: ${text}\n`, ...(differs && { differs }) };
}

function configMap(data: unknown): readonly unknown[] {
  return [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data }];
}

/** Where Strata does something else, and why. */
const DIFFERENT: readonly Input[] = [
  ...["9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807", "0xFFFFFFFFFFFFFFFF"].map((text) =>
    value(text, { why: BIG, strata: "yaml-number-inexact" }),
  ),
  ...["9223372036854775808", "18446744073709551616", "02000000000000000000000"].map((text) =>
    value(text, { why: LOSSY, strata: "yaml-number-inexact" }),
  ),
  value("!!binary /w==", { why: "kubectl replaces what is no UTF-8 by U+FFFD", strata: "yaml-invalid" }),
  value("[?x]", { why: "YAML 1.1 reads {x: null} here, which nobody means", strata: "yaml-invalid" }),
  value("[a:,b]", { why: "YAML 1.1 reads the colon as text, YAML 1.2 as a mapping", strata: "yaml-invalid" }),
  value('"x"#c', { why: "kubectl takes it for a comment; a space before the # says so", strata: "yaml-invalid" }),
  value("[\ta]", { why: "the parser takes no tabs there; it says where", strata: "yaml-invalid" }),
  value('"\\ud83d\\ude00"', { why: `JSON has it, ${LENIENT}`, strata: configMap({ x: "😀" }) }),
  value('"\\/"', { why: `JSON has it, ${LENIENT}`, strata: configMap({ x: "/" }) }),
  { name: "tab behind a dash", manifest: `${HEAD}data:\n  x:\n  -\ta\n`, differs: { why: LENIENT, strata: configMap({ x: ["a"] }) } },
  { name: "line of tabs", manifest: `${HEAD}\t\ndata: {x: a}\n`, differs: { why: LENIENT, strata: configMap({ x: "a" }) } },
  {
    name: "brackets indented with tabs",
    manifest: `${HEAD}data:\n  x: [\n\ta,\n\tb\n\t]\n`,
    differs: { why: LENIENT, strata: configMap({ x: ["a", "b"] }) },
  },
  {
    name: "U+2028 in a comment",
    manifest: `${HEAD}data:\n  x: a # b\u2028  y: c\n`,
    differs: { why: "the comment ends there for kubectl: what looks like a comment is applied", strata: "yaml-invalid" },
  },
  {
    name: "key of more than 1024 characters",
    manifest: `${HEAD}data:\n  ${"k".repeat(1100)}: a\n`,
    differs: { why: LENIENT, strata: configMap({ ["k".repeat(1100)]: "a" }) },
  },
  { name: "key twice", manifest: `${HEAD}data:\n  x: a\n  x: b\n`, differs: { why: LAST_WINS, strata: "yaml-duplicate-key" } },
  {
    name: "key twice, as a number and in quotes",
    manifest: `${HEAD}data:\n  1: a\n  "1": a\n`,
    differs: { why: "kubectl takes either, by chance", strata: "yaml-duplicate-key" },
  },
  {
    name: "key twice in JSON",
    manifest: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"a","x":"b"}}',
    differs: { why: LAST_WINS, strata: "yaml-duplicate-key" },
  },
  {
    name: "content behind the document end",
    manifest: `${HEAD}...\n${OBJECT("b")}\n`,
    differs: { why: "kubectl silently leaves it out", strata: "yaml-invalid" },
  },
  {
    name: "JSON documents one after the other",
    manifest: `${'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n'.repeat(2)}`,
    differs: { why: "no YAML; `---` between them says it", strata: "yaml-invalid" },
  },
  {
    name: "byte order mark amid the file",
    manifest: `---\n\uFEFF${HEAD}`,
    differs: { why: "kubectl takes it for a part of the key apiVersion and then misses that; the message names the mark", strata: "yaml-invalid" },
  },
  {
    name: "2000 levels deep",
    manifest: `${HEAD}data: ${"[".repeat(2000)}${"]".repeat(2000)}\n`,
    differs: { why: "the parser recurses; kubectl ends at 10,000", strata: "yaml-too-deep" },
  },
  {
    name: "List in a List",
    manifest: `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - ${OBJECT("a")}\n`,
    differs: { why: "kubectl fails (\"no Items field\"); what is meant is plain", strata: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }] },
  },
  {
    name: "items of another kind that are null",
    manifest: "apiVersion: v1\nkind: Foo\nmetadata: {name: f}\nitems: null\n",
    differs: { why: "kubectl reads an empty list, and its patch command has nothing to do; an apply loses the object", strata: "manifest-invalid" },
  },
  {
    name: "item of a List that is null",
    manifest: `apiVersion: v1\nkind: ConfigMapList\nitems:\n- ${OBJECT("a")}\n- null\n`,
    differs: { why: "kubectl makes an object without name of it, which fails later", strata: "manifest-invalid" },
  },
  {
    name: "invalid UTF-8",
    manifest: Buffer.from(`${HEAD}data:\n  x: \xff\n`, "latin1"),
    differs: { why: "kubectl silently replaces the byte by U+FFFD", strata: "yaml-encoding" },
  },
  {
    name: "apiVersion is missing",
    manifest: "kind: ConfigMap\nmetadata: {name: a}\n",
    differs: { why: "kubectl only fails when it applies", strata: "manifest-invalid" },
  },
  {
    name: "name is missing",
    manifest: "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
    differs: { why: "kubectl only fails when it applies", strata: "manifest-invalid" },
  },
];

export const INPUTS: readonly Input[] = [
  ...SCALARS.map((text) => value(text)),
  ...KEYS.map((key) => ({ name: `key ${JSON.stringify(key)}`, manifest: `${HEAD}data:\n  ${key}: v\n` })),
  ...Object.entries(BLOCKS).map(([name, block]) => ({ name, manifest: `${HEAD}data:\n${block}` })),
  ...Object.entries(FILES).map(([name, manifest]) => ({ name, manifest })),
  ...DIFFERENT,
];
