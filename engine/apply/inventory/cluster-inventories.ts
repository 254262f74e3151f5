import { ApiError } from "../../cluster/api-error.ts";
import type { KubeApi } from "../../cluster/types.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { CONFIG_MAPS, NAMESPACES } from "../core-types.ts";
import { STRATA_NAMESPACE } from "../marks.ts";
import { readInventories, type StoredInventory } from "./choose.ts";
import { INVENTORY_LABEL } from "./parent.ts";

/** Every inventory in the cluster, Strata's and those of its other directories and repositories. */
export async function listInventories(
  api: KubeApi,
  signal: AbortSignal,
): Promise<readonly StoredInventory[]> {
  const selection = { namespace: STRATA_NAMESPACE, labelSelector: INVENTORY_LABEL };
  const { items } = await api.list(CONFIG_MAPS, selection, signal);
  return readInventories(items);
}

/** Makes the namespace of the inventories, unless someone else was quicker. */
export async function makeNamespace(api: KubeApi, signal: AbortSignal): Promise<void> {
  const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: STRATA_NAMESPACE } };
  try {
    await api.create(NAMESPACES, namespace, signal);
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
  }
}
