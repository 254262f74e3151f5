import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document as YamlDocument,
  type Node,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Json } from "../model/kube-object.ts";
import { resolvePlain } from "./resolve-scalar.ts";

const MAX_DEPTH = 500;
const MAX_NODES = 2_000_000;

/** Something in a document that has no exact meaning; `offset` is where in the text. */
export class NodeProblem extends Error {
  readonly code: string;
  readonly offset: number;

  constructor(code: string, message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

interface Walk {
  readonly document: YamlDocument;
  nodes: number;
}

/** The JSON that kubectl makes of a parsed document. Throws {@link NodeProblem}. */
export function documentToJson(document: YamlDocument): Json {
  return toJson(document.contents, { document, nodes: 0 }, 0);
}

function toJson(node: unknown, walk: Walk, depth: number): Json {
  walk.nodes++;
  const offset = offsetOf(node);
  if (depth > MAX_DEPTH) throw new NodeProblem("yaml-too-deep", `more than ${MAX_DEPTH} levels deep`, offset);
  if (walk.nodes > MAX_NODES)
    throw new NodeProblem("yaml-too-large", "the aliases of this document expand without end", offset);
  if (node == null) return null;
  if (isAlias(node)) {
    const target = node.resolve(walk.document);
    if (target === undefined)
      throw new NodeProblem("yaml-invalid", `the anchor "${node.source}" is not defined before`, offset);
    return toJson(target, walk, depth + 1);
  }
  if (isScalar(node)) return scalarToJson(node, offset);
  if (isSeq(node)) return node.items.map((item) => toJson(item, walk, depth + 1));
  if (isMap(node)) return mapToJson(node, walk, depth);
  throw new NodeProblem("yaml-invalid", "this is not a value", offset);
}

function scalarToJson(node: Scalar, offset: number): Json {
  const text = textOf(node);
  const tag = node.tag ?? "";
  if (tag.startsWith("!") || (tag !== "" && !tag.startsWith("tag:yaml.org,2002:"))) return text;
  const short = tag.slice("tag:yaml.org,2002:".length);
  if (short === "binary") return Buffer.from(text, "base64").toString("utf8");
  if (short === "str" || (short === "" && node.type !== "PLAIN")) return text;
  const resolved = resolvePlain(text);
  if ("inexact" in resolved) throw new NodeProblem("yaml-number-inexact", resolved.inexact, offset);
  return resolved.value;
}

function mapToJson(map: YAMLMap, walk: Walk, depth: number): Json {
  const own = new Map<string, Json>();
  const merged = new Map<string, Json>();
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    if (isMergeKey(pair.key)) {
      for (const [key, value] of mergeSources(pair.value, walk, depth))
        if (!merged.has(key)) merged.set(key, value);
      continue;
    }
    const key = keyOf(pair.key, walk, depth);
    if (own.has(key))
      throw new NodeProblem(
        "yaml-duplicate-key",
        `the key "${key}" stands twice in this mapping`,
        offsetOf(pair.key),
      );
    own.set(key, toJson(pair.value, walk, depth + 1));
  }
  // fromEntries defines properties, so that a key named __proto__ is a key like any other.
  return Object.fromEntries([...[...merged].filter(([key]) => !own.has(key)), ...own]);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && textOf(key) === "<<";
}

function mergeSources(value: unknown, walk: Walk, depth: number): [string, Json][] {
  const sources = isSeq(value) ? value.items : [value];
  return sources.flatMap((source) => {
    const json = toJson(source, walk, depth + 1);
    if (json === null || typeof json !== "object" || Array.isArray(json)) {
      throw new NodeProblem("yaml-invalid", "only mappings can be merged with <<", offsetOf(source));
    }
    return Object.entries(json);
  });
}

/** Keys become strings as sigs.k8s.io/yaml writes them; null and collections cannot be keys. */
function keyOf(node: unknown, walk: Walk, depth: number): string {
  const value = toJson(node, walk, depth + 1);
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new NodeProblem("yaml-invalid", "a key must be a word, a number or a boolean", offsetOf(node));
}

function textOf(node: Scalar): string {
  if (node.type === "PLAIN" && node.source !== undefined) return node.source;
  return typeof node.value === "string" ? node.value : "";
}

function offsetOf(node: unknown): number {
  const range = (node as Node | null | undefined)?.range;
  return range?.[0] ?? 0;
}
