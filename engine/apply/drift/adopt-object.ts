import { type KubeObject, parseApiVersion } from "../../model/kube-object.ts";
import { type Accepted, type ApplyContext, applyObject, type Before, type Refused } from "../apply-object.ts";
import { managedEntries } from "../live-digest.ts";
import type { Item } from "../plan-apply.ts";
import { entryVersions, takeOverPatch } from "./take-over.ts";

/**
 * Applies an object that was there before us, after what kubectl and Helm applied of it was made ours: what they wrote
 * and we do not send goes with the apply.
 * @param found as it was looked at; its metadata is enough
 * @throws as KubeApi's requests
 */
export async function adoptObject(
  item: Item,
  found: KubeObject,
  before: Before,
  context: ApplyContext,
): Promise<Accepted | Refused> {
  await takeOver(item, found, context);
  const outcome = await applyObject(item, before, context);
  if (outcome.state !== "accepted" || managedEntries(found).length > 0) return outcome;
  // What was never tracked became an entry with this very apply.
  await takeOver(item, outcome.object, context);
  return applyObject(item, before, context);
}

async function takeOver(item: Item, object: KubeObject, context: ApplyContext): Promise<void> {
  const { api, type, signal } = context;
  const gone = await versionsGone(item, object, context);
  const steps = takeOverPatch(object, item.body.apiVersion, (apiVersion) => !gone.has(apiVersion));
  if (steps.length > 0) await api.jsonPatch(type, item.id, steps, signal);
}

/** The API versions of an object's entries that the cluster serves no more; of what is unknown, none. */
async function versionsGone(
  { id, body }: Item,
  object: KubeObject,
  { api, signal }: ApplyContext,
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for (const apiVersion of entryVersions(object)) {
    if (apiVersion === body.apiVersion) continue;
    const query = { ...parseApiVersion(apiVersion), kind: id.kind };
    const { state } = await api.discovery.resolve(query, signal);
    if (state === "gone" || state === "version-gone") gone.add(apiVersion);
  }
  return gone;
}
