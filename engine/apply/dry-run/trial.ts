import type { KubeApi } from "../../cluster/types.ts";
import { type SchemaOf, schemasAmong } from "../../merge/index.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { Problem } from "../../model/errors.ts";
import type { Effect } from "../../model/plan.ts";
import { broughtBy, type DefinedKind } from "../definitions.ts";
import { applySetId } from "../inventory/applyset-id.ts";
import { type ChoiceRules, chooseInventory, type StoredInventory } from "../inventory/choose.ts";
import { listInventories } from "../inventory/cluster-inventories.ts";
import { foreignInventory } from "../inventory/inventory-errors.ts";
import type { InventoryOwner } from "../inventory/model.ts";
import type { Entries } from "../inventory/parts.ts";

/** What a cluster makes of one effect of a plan. */
export interface TriedEffect {
  readonly effect: Effect;
  readonly why: string;
  /** Why the server refuses it. */
  readonly problem?: Problem;
}

export interface TrialOptions extends ChoiceRules {
  readonly api: KubeApi;
  readonly owner: InventoryOwner;
  readonly profile: string;
  /** All objects of the render that the effects lead to. */
  readonly objects: readonly KubeObject[];
  readonly signal: AbortSignal;
}

/** A dry run of one plan on one cluster. */
export interface Trial extends TrialOptions {
  readonly applySet: string;
  readonly inventories: readonly StoredInventory[];
  /** Of the cluster's own inventory. */
  readonly entries: Entries;
  /** Uids of what the render has; one object under two names is no case that a dry run knows. */
  readonly wantedUids: ReadonlySet<string>;
  /** Keys that other inventories of the cluster list. */
  readonly listedElsewhere: ReadonlySet<string>;
  readonly defined: readonly DefinedKind[];
  readonly schemaOf: SchemaOf;
  readonly ownNamespaces: ReadonlySet<string>;
}

/** Reads what a dry run needs to know. Throws `inventory-of-another-repository`. One request. */
export async function openTrial(options: TrialOptions): Promise<Trial> {
  const { api, owner, objects, signal } = options;
  const inventories = await listInventories(api, signal);
  const choice = chooseInventory(inventories, owner, options);
  if (choice.kind === "foreign") throw foreignInventory(owner, choice.repository);
  const applySet = applySetId(choice.kind === "none" ? choice.name : choice.inventory.parent.name);
  const others = inventories.filter(({ parent }) => applySetId(parent.name) !== applySet);
  return {
    ...options,
    inventories,
    applySet,
    entries: choice.kind === "none" ? new Map() : choice.inventory.entries,
    wantedUids: new Set(),
    listedElsewhere: new Set(others.flatMap((inventory) => [...inventory.entries.keys()])),
    ...broughtBy(objects),
    schemaOf: schemasAmong(objects),
  };
}
