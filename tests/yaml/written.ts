import fc from "fast-check";
import { isJsonObject, type Json, type JsonObject } from "../../engine/model/kube-object.ts";
import { writeString } from "../../engine/yaml/write-scalar.ts";
import { writeInline } from "../../engine/yaml/write-yaml.ts";

export type Path = readonly (string | number)[];

/** A comment that stands nowhere else in its text, and the field or item that it is about. */
interface Note {
  readonly text: string;
  readonly path: Path;
}

/** A document as somebody wrote it. */
export interface Written {
  readonly value: JsonObject;
  readonly text: string;
  readonly notes: readonly Note[];
}

/** Chooses one of `count` ways; the same case chooses the same ways. */
type Choose = (count: number) => number;

const word = fc.constantFrom(
  "a",
  "web",
  "1.0.0",
  "yes",
  "0644",
  "x: y",
  "it's",
  "ünï",
  "d, e",
  "f #g",
  "",
  "8080",
);
const lines = fc.constantFrom(
  "one\n",
  "one\ntwo\n",
  "one\n\n  two\n",
  "a: 1\nb: 2",
  "# no comment\nx\n",
  "long words go on\n",
);
const leaf: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: word },
  fc.constantFrom<Json>(0, 1, 420, 1000, 1.5, true, false, null),
  lines,
);
const words = fc.uniqueArray(word, { maxLength: 4 });
const labels = fc.dictionary(fc.constantFrom("app", "tier", "a/b", "on", "8080"), word, { maxKeys: 3 });
const env = fc.record({ name: fc.constantFrom("A", "B", "C", "D"), value: word });
const named = <T extends { readonly name: string }>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 3 });

const container = fc.record(
  {
    name: fc.constantFrom("web", "api", "db", "proxy"),
    image: word,
    args: words,
    env: named(env),
    resources: fc.record({ limits: labels, requests: labels }, { requiredKeys: [] }),
  },
  { requiredKeys: ["name"] },
);

/** Like an object of Kubernetes, with words in it that YAML reads as something else. */
export const kubeLike: fc.Arbitrary<JsonObject> = fc.record(
  {
    apiVersion: fc.constantFrom("v1", "apps/v1"),
    kind: fc.constantFrom("ConfigMap", "Deployment"),
    metadata: fc.record({ name: fc.constantFrom("one", "two", "three"), labels }, { requiredKeys: ["name"] }),
    data: fc.dictionary(fc.constantFrom("a.yaml", "b.txt", "c"), leaf, { maxKeys: 3 }),
    spec: fc.record(
      { replicas: fc.nat(5), containers: named(container), paused: fc.boolean(), mode: leaf },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["apiVersion", "kind", "metadata"] },
);

/** A value written in one of the many ways that people write it. */
export function written(value: JsonObject): fc.Arbitrary<Written> {
  return fc
    .infiniteStream(fc.nat(999))
    .map((stream) => write(value, (count) => (stream.next().value ?? 0) % count));
}

interface Writing {
  readonly choose: Choose;
  readonly step: number;
  readonly listStep: number;
  readonly notes: Note[];
}

function write(value: JsonObject, choose: Choose): Written {
  const writing: Writing = { choose, step: 2 + 2 * choose(2), listStep: 2 * choose(2), notes: [] };
  const head = ["", "# head\n", "\n# head\n\n", "\n"][choose(4)] ?? "";
  const body = blockOf(writing, value, []).join("\n");
  const tail = ["", "# tail\n", "\n"][choose(3)] ?? "";
  return { value, text: `${head}${body}\n${tail}`, notes: writing.notes };
}

function note({ notes }: Writing, path: Path): string {
  const text = `# note ${notes.length}.`;
  notes.push({ text, path });
  return text;
}

function maybeNote(writing: Writing, path: Path): string {
  return writing.choose(4) === 0 ? `${" ".repeat(1 + writing.choose(3))}${note(writing, path)}` : "";
}

/** The lines of a filled collection. What stands above its first field is about all of it. */
function blockOf(writing: Writing, value: Json, path: Path): string[] {
  const isMap = isJsonObject(value);
  const entries: [string | number, Json][] = isMap
    ? Object.entries(value)
    : [...(value as readonly Json[]).entries()];
  return entries.flatMap(([part, item]) => {
    const at = [...path, part];
    const above = path.length > 0 && writing.choose(4) === 0 ? [note(writing, at)] : [];
    const blank = writing.choose(6) === 0 ? [""] : [];
    const lines = isMap ? pairOf(writing, String(part), item, at) : itemOf(writing, item, at);
    return [...above, ...lines, ...blank];
  });
}

function pairOf(writing: Writing, key: string, item: Json, at: Path): string[] {
  const { choose } = writing;
  const name = `${choose(5) === 0 ? JSON.stringify(key) : writeString(key, "block")}:`;
  const [first, ...rest] = valueOf(writing, item, at) ?? [""];
  if (rest.length > 0 || first !== "") return [`${name} ${first}`, ...indent(rest, writing.step)];
  const step = Array.isArray(item) ? writing.listStep : writing.step;
  return [name + maybeNote(writing, at), ...indent(blockOf(writing, item, at), step)];
}

function itemOf(writing: Writing, item: Json, at: Path): string[] {
  const value = valueOf(writing, item, at);
  if (value !== undefined) return [`- ${value[0]}`, ...indent(value.slice(1), 2)];
  const block = blockOf(writing, item, at);
  return block[0]?.startsWith("#") === true
    ? ["-", ...indent(block, 2)]
    : [`- ${block[0]}`, ...indent(block.slice(1), 2)];
}

/** The lines of what does not stand as a block; undefined for what does. */
function valueOf(writing: Writing, item: Json, at: Path): string[] | undefined {
  const { choose } = writing;
  const filled = item !== null && typeof item === "object" && Object.keys(item).length > 0;
  if (filled && choose(4) > 0) return undefined;
  if (filled && choose(3) === 0) return flowOf(writing, item, at);
  if (typeof item === "string" && /^\S.*\n./.test(item) && choose(4) > 0) return literalOf(writing, item, at);
  return [scalarOf(writing, item) + maybeNote(writing, at)];
}

function scalarOf({ choose }: Writing, item: Json): string {
  if (item === 420 && choose(2) === 0) return "0644";
  if (item === 1000 && choose(2) === 0) return "1e3";
  if (item === true && choose(2) === 0) return "yes";
  if (item === null) return ["null", "~"][choose(2)] ?? "";
  if (typeof item !== "string" || item.includes("\n")) return writeInline(item);
  const quoted = [`'${item.replaceAll("'", "''")}'`, JSON.stringify(item)];
  return quoted[choose(4)] ?? writeString(item, "flow");
}

function literalOf(writing: Writing, item: string, at: Path): string[] {
  const chomping = item.endsWith("\n") ? "" : "-";
  return [`|${chomping}${maybeNote(writing, at)}`, ...indent(item.replace(/\n$/, "").split("\n"), 2)];
}

/** Brackets over several lines, each with its comment. */
function flowOf(writing: Writing, value: Json, path: Path): string[] {
  const isMap = isJsonObject(value);
  const entries: [string | number, Json][] = isMap
    ? Object.entries(value)
    : [...(value as readonly Json[]).entries()];
  const lines = entries.map(([part, item], index) => {
    const text = isMap
      ? `${writeString(String(part), "flow")}: ${scalarOrInline(writing, item)}`
      : scalarOrInline(writing, item);
    const comma = index < entries.length - 1 || writing.choose(2) === 0 ? "," : "";
    return text + comma + maybeNote(writing, [...path, part]);
  });
  const [open, close] = isMap ? ["{", "}"] : ["[", "]"];
  return [open, ...indent(lines, 2), close + maybeNote(writing, path)];
}

function scalarOrInline(writing: Writing, item: Json): string {
  return item !== null && typeof item === "object" ? writeInline(item) : scalarOf(writing, item);
}

function indent(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(spaces) + line));
}
