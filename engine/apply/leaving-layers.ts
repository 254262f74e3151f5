import type { LayerName } from "../model/desired.ts";
import type { LayerStatus } from "../model/status.ts";
import type { InventoryStore } from "./inventory/store.ts";

/** The layers of which anything is still in the cluster, in install order: the last of them is the one that leaves. */
export function leavingLayers(
  layers: readonly LayerName[],
  store: Pick<InventoryStore, "loaded" | "entries">,
): readonly LayerStatus[] {
  const entries = store.loaded ? [...store.entries().values()] : [];
  const left = layers
    .map(({ profile, name, type }) => {
      const count = entries.filter((entry) => entry.layer === `${profile}/${name}`).length;
      return { profile, name, type, count };
    })
    .filter(({ count }) => count > 0);
  return left.map(({ count, ...layer }, index): LayerStatus => {
    const message = `${count} ${count === 1 ? "object" : "objects"} to go`;
    return { ...layer, state: index === left.length - 1 ? "waiting" : "pending", message, problems: [] };
  });
}
