import { failureKind } from "../../cluster/failure-kind.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ApplyContext } from "../apply-object.ts";
import type { Entry } from "../inventory/model.ts";
import { resourceVersionOf } from "../ownership.ts";
import { bodyFor, type Item } from "../plan-apply.ts";
import type { SyncContext } from "../sync-context.ts";
import { fieldDrift } from "./field-drift.ts";
import { moveItemsPatch } from "./move-items.ts";

/** A patch that names a resourceVersion loses against writers of the same time. */
const ATTEMPTS = 3;

/**
 * Makes ours, in `managedFields`, the list items that took the place of ours; the next apply takes them away. Where a
 * controller writes the object's status meanwhile, it is done again with the newest state.
 * @param live the object as it was seen; where nothing took the place of ours, nothing is sent
 * @throws as KubeApi's requests
 */
export async function takeItems(
  item: Item,
  entry: Entry,
  live: KubeObject,
  { api, type, signal }: ApplyContext,
  { live: known }: Pick<SyncContext, "live">,
): Promise<void> {
  let object = live;
  for (let attempt = 1; ; attempt += 1) {
    const { items, holdings } = fieldDrift(bodyFor(item, entry).body, object);
    if (items.length === 0) return;
    try {
      await api.jsonPatch(type, item.id, moveItemsPatch(object, items, holdings), signal);
      return;
    } catch (error) {
      if (failureKind(error) !== "conflict" || attempt === ATTEMPTS) throw error;
    }
    const seen = known.get(item.key)?.changed;
    const isNewer = seen !== undefined && resourceVersionOf(seen) !== resourceVersionOf(object);
    const newest = isNewer ? seen : await api.get(type, item.id, signal);
    if (newest === undefined) return;
    object = newest;
  }
}
