import { createHash } from "node:crypto";
import { isJsonObject, type JsonObject, type KubeObject, type ObjectId } from "../../model/kube-object.ts";
import { STRATA_NAMESPACE, TURN_ANNOTATION } from "../marks.ts";
import { textAt } from "../ownership.ts";
import { applySetId } from "./applyset-id.ts";
import type { InventoryOwner } from "./model.ts";

/** Label on every ConfigMap of an inventory; its value says which kind of ConfigMap it is. */
export const INVENTORY_LABEL = "strata.dev/inventory";

/** The format of an inventory, not the engine's version: an upgrade of the engine writes nothing. */
const TOOLING = "strata/1.0.0";

const ID_LABEL = "applyset.kubernetes.io/id";
const TOOLING_ANNOTATION = "applyset.kubernetes.io/tooling";
const KINDS_ANNOTATION = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES_ANNOTATION = "applyset.kubernetes.io/additional-namespaces";
const REPOSITORY_ANNOTATION = "strata.dev/repository";
const CLUSTER_ANNOTATION = "strata.dev/cluster";
const COMMIT_ANNOTATION = "strata.dev/commit";
const STATE_ANNOTATION = "strata.dev/state";
const ENGINE_ANNOTATION = "strata.dev/engine";
const PARTS_ANNOTATION = "strata.dev/parts";
const PARENT_ANNOTATION = "strata.dev/parent";

/** `changing` from the beginning of a turn in which anything is done until the set of objects stands. */
export type InventoryState = "changing" | "finished";

/** The parent ConfigMap of an inventory (an ApplySet, KEP-3659), without its entries. */
export interface Parent {
  /** Name of the ConfigMap. */
  readonly name: string;
  readonly owner: InventoryOwner;
  /** The engine whose turn it is, or was last; empty where none took one. */
  readonly engine: string;
  /** Counts the turns: one engine at one commit. */
  readonly turn: number;
  /** The commit of the turn. */
  readonly commit: string;
  readonly state: InventoryState;
  readonly parts: number;
  /** `Kind.group`, sorted. */
  readonly groupKinds: readonly string[];
  readonly namespaces: readonly string[];
}

/**
 * Name of the parent of a cluster directory, and with it the id of its ApplySet: another repository with a directory
 * of that name never takes our objects for its own. A directory name has no dot, so no part has the name of a parent.
 * @param turn 1, and more where the name is taken by what was renamed since
 */
export function parentName(owner: InventoryOwner, turn = 1): string {
  const repository = createHash("sha256").update(owner.repository).digest("hex").slice(0, 8);
  return `strata-${owner.cluster}-${repository}${turn === 1 ? "" : `-${turn}`}`;
}

export function partName(parent: string, index: number): string {
  return `${parent}.part-${index}`;
}

/** Kinds and namespaces of a set of objects, as the parent lists them. */
export function scopeOf(ids: Iterable<ObjectId>): Pick<Parent, "groupKinds" | "namespaces"> {
  const all = [...ids];
  const kinds = all.map(({ group, kind }) => (group === "" ? kind : `${kind}.${group}`));
  const namespaces = all.map((id) => id.namespace).filter((name) => name !== "" && name !== STRATA_NAMESPACE);
  return { groupKinds: unique(kinds), namespaces: unique(namespaces) };
}

export function parentObject(parent: Parent): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: parent.name,
      namespace: STRATA_NAMESPACE,
      labels: { [ID_LABEL]: applySetId(parent.name), [INVENTORY_LABEL]: "parent" },
      annotations: {
        [TOOLING_ANNOTATION]: TOOLING,
        [KINDS_ANNOTATION]: parent.groupKinds.join(","),
        [NAMESPACES_ANNOTATION]: parent.namespaces.join(","),
        [REPOSITORY_ANNOTATION]: parent.owner.repository,
        [CLUSTER_ANNOTATION]: parent.owner.cluster,
        [ENGINE_ANNOTATION]: parent.engine,
        [TURN_ANNOTATION]: String(parent.turn),
        [COMMIT_ANNOTATION]: parent.commit,
        [STATE_ANNOTATION]: parent.state,
        [PARTS_ANNOTATION]: String(parent.parts),
      },
    },
  };
}

export function isSameParent(a: Parent, b: Parent): boolean {
  return JSON.stringify(parentObject(a)) === JSON.stringify(parentObject(b));
}

/** Reads a parent ConfigMap; undefined where the object is none. */
export function readParent(object: KubeObject): Parent | undefined {
  if (textAt(object, "labels", INVENTORY_LABEL) !== "parent") return undefined;
  const text = (key: string): string => textAt(object, "annotations", key) ?? "";
  const list = (key: string): readonly string[] =>
    text(key)
      .split(",")
      .filter((item) => item !== "");
  const parts = Number(text(PARTS_ANNOTATION));
  const turn = Number(text(TURN_ANNOTATION));
  return {
    name: object.metadata.name,
    owner: { repository: text(REPOSITORY_ANNOTATION), cluster: text(CLUSTER_ANNOTATION) },
    engine: text(ENGINE_ANNOTATION),
    turn: Number.isSafeInteger(turn) && turn > 0 ? turn : 0,
    commit: text(COMMIT_ANNOTATION),
    state: text(STATE_ANNOTATION) === "finished" ? "finished" : "changing",
    parts: Number.isSafeInteger(parts) && parts > 0 ? parts : 1,
    groupKinds: list(KINDS_ANNOTATION),
    namespaces: list(NAMESPACES_ANNOTATION),
  };
}

export function partObject(parent: string, index: number, text: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: partName(parent, index),
      namespace: STRATA_NAMESPACE,
      labels: { [INVENTORY_LABEL]: "part" },
      annotations: { [PARENT_ANNOTATION]: parent },
    },
    data: { entries: text },
  };
}

/** Reads a part ConfigMap; undefined where the object is none. */
export function readPart(object: KubeObject): { parent: string; index: number; text: string } | undefined {
  const parent = textAt(object, "annotations", PARENT_ANNOTATION);
  if (textAt(object, "labels", INVENTORY_LABEL) !== "part" || parent === undefined) return undefined;
  const index = Number(object.metadata.name.slice(partName(parent, 0).length - 1));
  if (!Number.isSafeInteger(index) || partName(parent, index) !== object.metadata.name) return undefined;
  const data: JsonObject = isJsonObject(object.data) ? object.data : {};
  return { parent, index, text: typeof data.entries === "string" ? data.entries : "" };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}
