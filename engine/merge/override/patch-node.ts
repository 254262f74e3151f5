import type { Json } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";

/** What a patch does at one place of an object. */
export type PatchNode = ValueNode | RemoveNode | MapNode | ListNode;

/** The place gets this value, whatever is there. `replace`: the file says so with `$patch: replace`. */
export interface ValueNode {
  readonly kind: "value";
  readonly value: Json;
  readonly replace: boolean;
}

export interface RemoveNode {
  readonly kind: "remove";
}

/** Fields merge into the object that is there; without any, an empty object is made where there is none. */
export interface MapNode {
  readonly kind: "map";
  readonly fields: ReadonlyMap<string, PatchNode>;
  /** `$retainKeys`: fields that are not named are removed. */
  readonly retain: readonly string[] | undefined;
}

/** Items merge into the keyed list or set that is there; new ones come last, in their order here. */
export interface ListNode {
  readonly kind: "list";
  readonly items: ReadonlyMap<PathElement, ItemPatch>;
  /** `$setElementOrder`: the items that it names, as the file names them. */
  readonly order: ReadonlyMap<PathElement, Json> | undefined;
  /** The patch has an empty list here: one is made where there is none. */
  readonly empty: boolean;
}

export interface ItemPatch {
  /** The key fields of the item, or the item of a set itself, as the patch says them. */
  readonly where: Json;
  /** Objects of keyed lists have a map node that holds the key fields too; scalars of sets a value node. */
  readonly change: PatchNode;
}

export const REMOVE: RemoveNode = { kind: "remove" };

export function valueNode(value: Json, replace = false): ValueNode {
  return { kind: "value", value, replace };
}

export function mapNode(fields: ReadonlyMap<string, PatchNode>, retain?: readonly string[]): MapNode {
  return { kind: "map", fields, retain };
}

/** True where the node of an object or list says nothing: it only makes an empty one where there is none. */
export function isBare(node: MapNode | ListNode): boolean {
  return node.kind === "map"
    ? node.fields.size === 0 && node.retain === undefined
    : node.items.size === 0 && node.order === undefined;
}
