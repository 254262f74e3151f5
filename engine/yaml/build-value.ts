import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from "js-yaml";
import type { Json } from "../model/kube-object.ts";
import { AliasBudget, type Size } from "./alias-budget.ts";
import { MapBuilder } from "./map-builder.ts";
import type { Parsed } from "./parse-events.ts";
import type { Scalar } from "./resolve-scalar.ts";
import { isMergeKey, meaningOf, readWritten } from "./scalar-meaning.ts";
import { scalarToJson, scalarToKey } from "./scalar-to-json.ts";
import { YamlFault } from "./yaml-fault.ts";

/** What no message quotes: the value of a Secret may begin with `*`. */
const QUOTE = "write it in quotes if it is text";

/** A finished node: a scalar keeps its meaning, as a key is written otherwise than a value. */
type Node =
  | { readonly kind: "scalar"; readonly scalar: Scalar; readonly offset: number; readonly aliased: boolean }
  | { readonly kind: "collection"; readonly value: Json; readonly offset: number; readonly aliased: boolean };

/** What an anchor names; nothing while that is still being read. */
interface Anchor {
  node: Node | undefined;
  size: Size;
}

interface Open {
  readonly offset: number;
  readonly anchor: Anchor | undefined;
  /** What was read before it. */
  readonly before: Size;
  /** Whether it stands in brackets or braces. */
  readonly flow: boolean;
}
interface OpenList extends Open {
  readonly kind: "list";
  readonly items: Json[];
}
interface OpenMap extends Open {
  readonly kind: "map";
  readonly map: MapBuilder;
  /** The key whose value comes next. */
  key: { readonly text: string; readonly offset: number } | "merge" | undefined;
}

interface Reading {
  readonly source: string;
  readonly open: (OpenList | OpenMap)[];
  readonly anchors: Map<string, Anchor>;
  readonly budget: AliasBudget;
  root: Node | undefined;
}

/**
 * The value that kubectl reads from the events of one document, and where its content begins; undefined where there
 * is none. Needs no stack for deep documents. Throws {@link YamlFault}.
 */
export function buildValue({ text: source, events }: Parsed): { value: Json; offset: number } | undefined {
  const reading: Reading = {
    source,
    open: [],
    anchors: new Map(),
    budget: new AliasBudget(),
    root: undefined,
  };
  for (const event of events) readEvent(reading, event);
  const { root } = reading;
  return root === undefined ? undefined : { value: toJson(root), offset: root.offset };
}

function readEvent(reading: Reading, event: Event): void {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return readScalar(reading, event);
    case EVENT_ID.MAPPING:
      reading.open.push({ kind: "map", map: new MapBuilder(), key: undefined, ...opened(reading, event) });
      return;
    case EVENT_ID.SEQUENCE:
      reading.open.push({ kind: "list", items: [], ...opened(reading, event) });
      return;
    case EVENT_ID.ALIAS:
      return readAlias(
        reading,
        reading.source.slice(event.anchorStart, event.anchorEnd),
        event.anchorStart - 1,
      );
    case EVENT_ID.POP:
      return close(reading);
    case EVENT_ID.DOCUMENT:
      return;
  }
}

function opened(reading: Reading, event: MappingEvent | SequenceEvent): Open {
  const anchor = startAnchor(reading, event);
  const flow = event.style === COLLECTION_STYLE.FLOW;
  const { nodes, characters } = reading.budget;
  reading.budget.nodes++;
  return { offset: event.start, anchor, before: { nodes, characters }, flow };
}

function startAnchor(
  reading: Reading,
  event: { anchorStart: number; anchorEnd: number },
): Anchor | undefined {
  if (event.anchorStart === -1) return undefined;
  const name = reading.source.slice(event.anchorStart, event.anchorEnd);
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw new YamlFault(
      "yaml-invalid",
      "an anchor may hold only letters, digits, _ and -",
      event.anchorStart,
    );
  }
  const anchor: Anchor = { node: undefined, size: { nodes: 1, characters: 0 } };
  reading.anchors.set(name, anchor);
  return anchor;
}

function readScalar(reading: Reading, event: ScalarEvent): void {
  const written = readWritten(reading.source, event);
  const parent = reading.open.at(-1);
  if (parent?.kind === "map" && parent.key === undefined && isMergeKey(written)) {
    parent.key = "merge";
    return;
  }
  const characters = event.valueEnd - event.valueStart;
  reading.budget.nodes++;
  reading.budget.characters += characters;
  const scalar = meaningOf(written, parent?.flow === true);
  const node: Node = { kind: "scalar", scalar, offset: written.offset, aliased: false };
  const anchor = startAnchor(reading, event);
  if (anchor !== undefined) Object.assign(anchor, { node, size: { nodes: 1, characters } });
  add(reading, node);
}

function readAlias(reading: Reading, name: string, offset: number): void {
  const anchor = reading.anchors.get(name);
  if (anchor === undefined)
    throw new YamlFault("yaml-invalid", "no anchor of this name is defined before", offset, QUOTE);
  if (anchor.node === undefined)
    throw new YamlFault("yaml-invalid", "the value of this anchor contains itself", offset);
  if (!reading.budget.spend(anchor.size)) {
    throw new YamlFault(
      "yaml-excessive-aliases",
      "the aliases of this document expand to too much",
      offset,
      "write the values out",
    );
  }
  add(reading, { ...anchor.node, offset, aliased: true });
}

function close(reading: Reading): void {
  const closed = reading.open.pop();
  if (closed === undefined) return;
  const { offset, anchor, before } = closed;
  const value = closed.kind === "list" ? closed.items : closed.map.value;
  const node: Node = { kind: "collection", value, offset, aliased: false };
  if (anchor !== undefined) {
    const { nodes, characters } = reading.budget;
    const size = { nodes: nodes - before.nodes, characters: characters - before.characters };
    Object.assign(anchor, { node, size });
  }
  add(reading, node);
}

function add(reading: Reading, node: Node): void {
  const parent = reading.open.at(-1);
  if (parent === undefined) {
    if (reading.root !== undefined) {
      throw new YamlFault(
        "yaml-invalid",
        'there is content after the end of the document ("...")',
        node.offset,
        'separate documents by "---"',
      );
    }
    reading.root = node;
  } else if (parent.kind === "list") parent.items.push(toJson(node));
  else if (parent.key === undefined) parent.key = { text: keyText(node), offset: node.offset };
  else {
    if (parent.key === "merge") parent.map.merge(toJson(node), !node.aliased, node.offset);
    else parent.map.set(parent.key.text, toJson(node), parent.key.offset);
    parent.key = undefined;
  }
}

function toJson(node: Node): Json {
  return node.kind === "collection" ? node.value : scalarToJson(node.scalar, node.offset);
}

function keyText(node: Node): string {
  if (node.kind === "scalar") return scalarToKey(node.scalar, node.offset);
  throw new YamlFault("yaml-invalid", "a key must be a word, a number or a boolean", node.offset);
}
