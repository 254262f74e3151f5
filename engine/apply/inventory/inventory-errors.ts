import type { ApiError } from "../../cluster/api-error.ts";
import { EngineError } from "../../model/errors.ts";
import { STRATA_NAMESPACE } from "../marks.ts";
import type { InventoryOwner } from "./model.ts";

/** Another engine, or a person, wrote in between. */
export function inventoryChanged(name: string, cause: ApiError): EngineError {
  return new EngineError("inventory-changed", "another writer changed the inventory; it is read again", {
    object: `ConfigMap ${STRATA_NAMESPACE}/${name}`,
    cause,
    retryable: true,
  });
}

/** Another repository has a directory of this name in the cluster. */
export function foreignInventory(owner: InventoryOwner, repository: string): EngineError {
  return new EngineError(
    "inventory-of-another-repository",
    `the cluster has an inventory of "${owner.cluster}" that belongs to another repository (its first commit is ${repository.slice(0, 12)})`,
    {
      hint: `connect this directory to another cluster or rename it; if that repository is no longer in use, start the engine with --take-over ${owner.cluster}`,
      data: { repository },
    },
  );
}
