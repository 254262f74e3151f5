import type { KubeApi } from "../../cluster/types.ts";
import { type SchemaOf, schemasAmong } from "../../merge/index.ts";
import type { Desired, DesiredObject } from "../../model/desired.ts";
import { type KubeObject, parseApiVersion } from "../../model/kube-object.ts";
import { autoscaledKeys } from "../../render/autoscaled.ts";
import { holdingsOf } from "../drift/holdings.ts";
import { leaving, newScaler } from "../drift/replicas.ts";
import { bodyBeside, creationBody } from "../initial-values.ts";
import { chooseInventory } from "../inventory/choose.ts";
import { listInventories } from "../inventory/cluster-inventories.ts";
import type { Entries } from "../inventory/parts.ts";
import { ADOPTED_ANNOTATION, PART_OF_LABEL } from "../marks.ts";
import { textAt, uidOf } from "../ownership.ts";
import type { Item, Variant } from "../plan-apply.ts";
import { itemOf } from "../resolve-item.ts";
import { type LeftValue, leftValues } from "./left-values.ts";

/** What a comparison of one cluster with its desired state needs to know. */
export interface Comparison {
  readonly api: KubeApi;
  readonly schemaOf: SchemaOf;
  /** Keys of the objects that autoscalers of the render scale. */
  readonly autoscaled: ReadonlySet<string>;
  /** Of the cluster's own inventory. */
  readonly entries: Entries;
  readonly signal: AbortSignal;
}

/** An object as it would be made, or as it is and as an apply would leave it. */
export type Compared =
  | { readonly wanted: KubeObject; readonly live?: undefined }
  | { readonly wanted: KubeObject; readonly live: KubeObject; readonly left: readonly LeftValue[] };

/** Reads what the cluster's inventory has. One request. */
export async function openComparison(
  api: KubeApi,
  desired: Desired,
  signal: AbortSignal,
): Promise<Comparison> {
  const objects = desired.steps.flat().flatMap((layer) => layer.objects.map(({ object }) => object));
  const rules = { isDirectory: () => true, takesOver: false };
  const choice = chooseInventory(await listInventories(api, signal), desired, rules);
  const entries = choice.kind === "own" ? choice.inventory.entries : new Map();
  return { api, schemaOf: schemasAmong(objects), autoscaled: autoscaledKeys(objects), entries, signal };
}

/**
 * Compares one object with the live one, by a dry run of the body that an apply would send: admission and defaults
 * included. Whose inventory lists it does not count.
 * @throws as KubeApi's requests
 */
export async function compareObject(desired: DesiredObject, comparison: Comparison): Promise<Compared> {
  const { api, schemaOf, signal } = comparison;
  const { object } = desired;
  const { group, version } = parseApiVersion(object.apiVersion);
  const found = await api.discovery.resolve({ group, kind: object.kind, version }, signal);
  if (found.state !== "served") return { wanted: object };
  const itemIn = (applySet: string): Item =>
    itemOf(desired, { applySet, namespaced: found.type.namespaced, layer: "", schemaOf });
  const item = itemIn("");
  const live = await api.get(found.type, item.id, signal);
  if (live === undefined) return { wanted: creationBody(item) };
  const own = itemIn(textAt(live, "labels", PART_OF_LABEL) ?? "");
  const variant = variantOf(own, live, comparison);
  const body = bodyBeside(own, variant, live);
  const { object: wanted } = await api.apply(found.type, body, { force: true, dryRun: true }, signal);
  return { wanted, live, left: leftValues(own, variant, live, schemaOf) };
}

/** As a sync that looks at the live object would send it. */
function variantOf(item: Item, live: KubeObject, { entries, autoscaled }: Comparison): Variant {
  const known = entries.get(item.key);
  const entry = known?.uid === uidOf(live) ? known : undefined;
  const adopted = textAt(live, "annotations", ADOPTED_ANNOTATION) === "true";
  const scaler = newScaler(item, entry, holdingsOf(live), autoscaled);
  if (scaler !== undefined) return { adopted, ...leaving(item) };
  return entry?.leftReplicas === undefined ? { adopted } : { adopted, leftReplicas: entry.leftReplicas };
}
