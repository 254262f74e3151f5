import { describe, expect, test } from "vitest";
import { readManifests } from "../../engine/yaml/index.ts";

const HEAD = "apiVersion: v1\nkind: ConfigMap\n";

function problems(text: string): string[] {
  const read = readManifests(text, { file: "a.yaml" });
  return read.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
}

function metadataOf(fields: string): unknown {
  const { manifests, problems: found } = readManifests(`${HEAD}metadata:\n  name: a\n${fields}`, {
    file: "a.yaml",
  });
  expect(found).toEqual([]);
  return manifests[0]?.object.metadata;
}

describe("objects", () => {
  const text = `${HEAD}metadata: {name: a}\n---\n# c\n---\n${HEAD}metadata:\n  name: b\ndata: {x: "1"}\n`;
  const { manifests } = readManifests(Buffer.from(text), { file: "a.yaml" });

  test("file, document and place of each", () => {
    expect(
      manifests.map(({ object, file, document, line, column }) => [
        object.metadata.name,
        file,
        document,
        line,
        column,
      ]),
    ).toEqual([
      ["a", "a.yaml", 0, 1, 1],
      ["b", "a.yaml", 1, 7, 1],
    ]);
    expect(manifests[1]?.position(["data", "x"])).toEqual({ line: 11, column: 8 });
  });

  test("lists are taken apart, also lists in lists, and places stay right", () => {
    const list = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMapList
  items:
  - metadata: {name: a}
  - metadata:
      name: b
- {apiVersion: v1, kind: Secret, metadata: {name: c}}
`;
    const read = readManifests(list, { file: "a.yaml" });
    expect(read.problems).toEqual([]);
    expect(
      read.manifests.map(({ object, line, column }) => [object.kind, object.metadata.name, line, column]),
    ).toEqual([
      ["ConfigMap", "a", 7, 5],
      ["ConfigMap", "b", 8, 5],
      ["Secret", "c", 10, 3],
    ]);
    expect(read.manifests[1]?.position(["metadata", "name"])).toEqual({ line: 9, column: 7 });
  });

  test("what only the server writes is left out", () => {
    const fields =
      "  creationTimestamp: null\n  generation: 3\n  selfLink: /a\n  uid: ''\n  resourceVersion: ''\n  managedFields: null\n  namespace: ''\nstatus: {a: 1}\n";
    expect(metadataOf(fields)).toEqual({ name: "a" });
    const { manifests: read } = readManifests(`${HEAD}metadata: {name: a}\nstatus: {}\n`, { file: "a.yaml" });
    expect(read[0]?.object).not.toHaveProperty("status");
  });

  test("labels and annotations that are null are empty text, as the server makes them", () => {
    expect(metadataOf("  labels: {x: }\n  annotations: {w: null, z: a}\n")).toEqual({
      name: "a",
      labels: { x: "" },
      annotations: { w: "", z: "a" },
    });
  });

  test("names of RBAC and custom kinds may hold what others may not", () => {
    const role = (name: string) =>
      problems(`apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "${name}"}\n`);
    expect(role("system:Node_a b")).toEqual([]);
    expect(role("a".repeat(300))).toEqual([]);
    expect(problems(`apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: "10.0.0.1:80"}\n`)).toEqual(
      [],
    );
  });
});

describe("problems, all of them, each at its place", () => {
  test.each<[string, string, string[]]>([
    ["a scalar", "hello\n", ["a.yaml:1:1 a manifest must be a mapping with apiVersion, kind and metadata"]],
    [
      "nothing is there",
      "a: 1\n",
      ["a.yaml:1:1 apiVersion is missing", "a.yaml:1:1 kind is missing", "a.yaml:1:1 metadata is missing"],
    ],
    [
      "empty",
      'apiVersion: ""\nkind:\nmetadata: {name: ""}\n',
      [
        "a.yaml:1:1 apiVersion is missing",
        "a.yaml:2:1 kind is missing",
        "a.yaml:3:1 metadata.name is missing",
      ],
    ],
    [
      "an apiVersion of three parts",
      "apiVersion: a/b/c\nkind: A\nmetadata: {name: a}\n",
      ['a.yaml:1:1 apiVersion "a/b/c" is not <group>/<version>'],
    ],
    [
      "generateName",
      `${HEAD}metadata:\n  generateName: a-\n`,
      ["a.yaml:4:3 generateName cannot be applied: it would make another object each time"],
    ],
    [
      "a name that YAML reads as a boolean",
      `${HEAD}metadata:\n  name: y\n`,
      ["a.yaml:4:3 metadata.name must be a string, and this is true"],
    ],
    [
      "a name in capitals",
      `${HEAD}metadata: {name: Aa}\n`,
      [
        'a.yaml:3:12 metadata.name "Aa" may hold only a-z, 0-9, "-" and ".", and must begin and end with a letter or digit',
      ],
    ],
    [
      "a name that is a path",
      `${HEAD}metadata: {name: ../a}\n`,
      ['a.yaml:3:12 metadata.name "../a" may not be "." or "..", nor hold "/" or "%"'],
    ],
    [
      "a name that is too long",
      `apiVersion: a/v1\nkind: A\nmetadata: {name: ${"a".repeat(254)}}\n`,
      [`a.yaml:3:12 metadata.name "${"a".repeat(60)}…" has more than 253 characters`],
    ],
    [
      "a namespace that is a number",
      `${HEAD}metadata: {name: a, namespace: 1}\n`,
      ["a.yaml:3:21 metadata.namespace must be a string, and this is 1"],
    ],
    [
      "a namespace that is too long",
      `${HEAD}metadata: {name: a, namespace: ${"n".repeat(64)}}\n`,
      [`a.yaml:3:21 "${"n".repeat(64)}" cannot name a namespace: at most 63 of a-z, 0-9 and "-"`],
    ],
    [
      "labels and annotations that are no strings",
      `${HEAD}metadata:\n  name: a\n  labels:\n    x: 1\n    y: yes\n  annotations:\n    z: {a: b}\n`,
      [
        'a.yaml:6:5 "x" in metadata.labels must be a string, and this is 1',
        'a.yaml:7:5 "true" in metadata.labels must be a string, and this is true',
        'a.yaml:9:5 "z" in metadata.annotations must be a string, and this is a collection',
      ],
    ],
    [
      "labels that are a list",
      `${HEAD}metadata: {name: a, labels: [a]}\n`,
      ["a.yaml:3:21 metadata.labels must be a mapping"],
    ],
    [
      "fields of the server",
      `${HEAD}metadata:\n  name: a\n  uid: b\n  resourceVersion: "1"\n  managedFields: []\n  deletionTimestamp: "2020-01-01T00:00:00Z"\n`,
      [
        "a.yaml:7:3 metadata.managedFields cannot be applied: metadata.managedFields must be nil",
        "a.yaml:5:3 metadata.uid cannot be applied: the server gives the uid, and refuses another one",
        "a.yaml:6:3 metadata.resourceVersion cannot be applied: it names one moment of the object: any later apply is a conflict",
        "a.yaml:8:3 metadata.deletionTimestamp cannot be applied: only the server sets it",
      ],
    ],
    [
      "items that are no list",
      "apiVersion: v1\nkind: List\nitems: 1\n",
      [
        'a.yaml:3:1 List has a field "items" that is no list; kubectl takes each object with "items" for a list',
      ],
    ],
  ])("%s", (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test("a document that is no YAML does not hide the others", () => {
    const read = readManifests(
      `a: [\n---\n${HEAD}metadata: {name: a}\n---\n${HEAD}metadata: {}\n---\nb: 1\nb: 2\n`,
      { file: "a.yaml" },
    );
    expect(read.manifests.map(({ object, document }) => [object.metadata.name, document])).toEqual([
      ["a", 0],
    ]);
    expect(read.problems.map(({ code, line }) => [code, line])).toEqual([
      ["yaml-invalid", 2],
      ["manifest-invalid", 9],
      ["yaml-duplicate-key", 12],
    ]);
  });

  test("a file that cannot be split into documents is one problem", () => {
    const { manifests, problems: found } = readManifests(Buffer.from([0xff]), { file: "a.yaml" });
    expect(manifests).toEqual([]);
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([["yaml-encoding", "error"]]);
  });
});
