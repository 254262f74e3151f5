import type { KubeObject } from "../../model/kube-object.ts";
import { applySetId } from "./applyset-id.ts";
import type { InventoryOwner } from "./model.ts";
import { type Parent, parentName, readParent, readPart } from "./parent.ts";
import { decodeParts, type Entries } from "./parts.ts";

/** One inventory as it is in the cluster. */
export interface StoredInventory {
  readonly parent: Parent;
  readonly object: KubeObject;
  readonly parts: ReadonlyMap<number, { readonly text: string; readonly object: KubeObject }>;
  readonly entries: Entries;
  /** A part is missing or not readable: objects must be looked for by their label. */
  readonly damaged: boolean;
}

/** Every inventory among the ConfigMaps of `strata-system`. */
export function readInventories(configMaps: readonly KubeObject[]): readonly StoredInventory[] {
  return configMaps.flatMap((object) => {
    const parent = readParent(object);
    return parent === undefined ? [] : [withParts(parent, object, configMaps)];
  });
}

function withParts(parent: Parent, object: KubeObject, configMaps: readonly KubeObject[]): StoredInventory {
  const parts = new Map<number, { text: string; object: KubeObject }>();
  for (const candidate of configMaps) {
    const part = readPart(candidate);
    if (part?.parent === parent.name) parts.set(part.index, { text: part.text, object: candidate });
  }
  const texts = new Map([...parts].map(([index, part]) => [index, part.text]));
  return { parent, object, parts, ...decodeParts(texts, parent.parts) };
}

/** Whether another ApplySet let go of an object. Only an inventory that is there whole, and does not list it, is proof. */
export function isReleasedBy(
  inventories: readonly StoredInventory[],
  applySet: string,
  key: string,
): boolean {
  const other = inventories.find(({ parent }) => applySetId(parent.name) === applySet);
  return other !== undefined && !other.damaged && !other.entries.has(key);
}

/**
 * Which inventory a cluster directory has.
 * - `own`: it names this directory, or one that is gone from the repository (renamed: the new name takes it over), or
 *   it is another repository's and is to be taken over.
 * - `foreign`: another repository has a directory of this name here.
 * - `none`: there is none; `name` is free for its parent.
 */
export type InventoryChoice =
  | { readonly kind: "own"; readonly inventory: StoredInventory }
  | { readonly kind: "foreign"; readonly repository: string }
  | { readonly kind: "none"; readonly name: string };

export interface ChoiceRules {
  /** Whether the repository still has a cluster directory of this name. */
  readonly isDirectory: (cluster: string) => boolean;
  /** Whether another repository's inventory of a directory of this name is to be ours from now on. */
  readonly takesOver: boolean;
}

export function chooseInventory(
  inventories: readonly StoredInventory[],
  owner: InventoryOwner,
  { isDirectory, takesOver }: ChoiceRules,
): InventoryChoice {
  const sameCluster = inventories.filter(({ parent }) => parent.owner.cluster === owner.cluster);
  const ours = inventories.filter(({ parent }) => parent.owner.repository === owner.repository);
  const own = ours.find((inventory) => sameCluster.includes(inventory));
  if (own !== undefined) return { kind: "own", inventory: own };
  const foreign = sameCluster[0];
  if (foreign !== undefined) {
    if (takesOver) return { kind: "own", inventory: foreign };
    return { kind: "foreign", repository: foreign.parent.owner.repository };
  }
  const left = ours.find(({ parent }) => !isDirectory(parent.owner.cluster));
  if (left !== undefined) return { kind: "own", inventory: left };
  const taken = new Set(inventories.map(({ parent }) => parent.name));
  let turn = 1;
  while (taken.has(parentName(owner, turn))) turn += 1;
  return { kind: "none", name: parentName(owner, turn) };
}
