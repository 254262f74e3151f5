import fc from "fast-check";
import { isJsonObject, type Json } from "../../engine/model/kube-object.ts";
import { writeInline, writeYaml } from "../../engine/yaml/write-yaml.ts";

/** How people write the same value: indentation, brackets, comments, empty lines, line ends. */
interface Style {
  readonly step: number;
  readonly listStep: number;
  readonly comments: boolean;
  readonly blanks: boolean;
  readonly flowDepth: number;
  readonly crlf: boolean;
  readonly head: string;
}

const style: fc.Arbitrary<Style> = fc.record({
  step: fc.constantFrom(1, 2, 4),
  listStep: fc.constantFrom(0, 2),
  comments: fc.boolean(),
  blanks: fc.boolean(),
  flowDepth: fc.constantFrom(0, 1, 2, 9),
  crlf: fc.boolean(),
  head: fc.constantFrom("", "# head\n", "---\n", "# head\n---\n# more\n"),
});

/** Texts that all read as the value. */
export function layout(value: Json): fc.Arbitrary<string> {
  const ours = fc.constant(writeYaml(value));
  return fc.oneof({ weight: 1, arbitrary: ours }, { weight: 4, arbitrary: theirs(value) });
}

function theirs(value: Json): fc.Arbitrary<string> {
  return style.map((chosen) => {
    let notes = 0;
    const note = () => (chosen.comments ? ` # note ${notes++}` : "");
    const text = chosen.head + lines(value, chosen, 0, note).join("\n") + "\n";
    return chosen.crlf ? text.replaceAll("\n", "\r\n") : text;
  });
}

function lines(value: Json, chosen: Style, depth: number, note: () => string): string[] {
  const filled = value !== null && typeof value === "object" && Object.keys(value).length > 0;
  if (!filled || depth >= chosen.flowDepth) return [writeInline(value) + note()];
  const blank = chosen.blanks ? [""] : [];
  const comment = () => (chosen.comments ? [note().trim()] : []);
  if (!isJsonObject(value)) {
    return (value as readonly Json[]).flatMap((item) => {
      const [first = "", ...rest] = lines(item, chosen, depth + 1, note);
      return [...comment(), `- ${first}`, ...rest.map((line) => (line === "" ? "" : `  ${line}`)), ...blank];
    });
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const name = writeYaml({ [key]: 1 }).replace(/: 1\n$/, "");
    const below = lines(item, chosen, depth + 1, note);
    const inline =
      below.length === 1 && !/^(- |[^[{"']*: )/.test(below[0] ?? "") && isLeaf(item, chosen, depth + 1);
    if (inline) return [...comment(), `${name}: ${below[0] ?? ""}`, ...blank];
    const indent = " ".repeat(Array.isArray(item) ? chosen.listStep : chosen.step);
    return [
      ...comment(),
      `${name}:${note()}`,
      ...below.map((line) => (line === "" ? "" : indent + line)),
      ...blank,
    ];
  });
}

function isLeaf(value: Json, chosen: Style, depth: number): boolean {
  return (
    value === null ||
    typeof value !== "object" ||
    Object.keys(value).length === 0 ||
    depth >= chosen.flowDepth
  );
}
