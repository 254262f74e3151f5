import { createHash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, textAt, uidOf } from "../store/parts.ts";
import type { ResourceKey } from "../store/types.ts";
import type { ControllerContext } from "./types.ts";

/** The objects of a kind that an object controls, oldest first. */
export function ownedBy(context: ControllerContext, resource: ResourceKey, owner: KubeObject): KubeObject[] {
  return context.objects.store
    .ownedBy(uidOf(owner))
    .filter((kept) => kept.resource === resource)
    .map((kept) => kept.object)
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
}

/** The object that controls another, if it is of one of these kinds. */
export function controllerOf(
  context: ControllerContext,
  object: KubeObject,
  resources: readonly ResourceKey[],
): KubeObject | undefined {
  const [reference] = mapsAt(object, "metadata", "ownerReferences").filter((one) => one.controller === true);
  if (reference === undefined) return undefined;
  for (const resource of resources) {
    const found = context.objects.store.get(resource, namespaceOf(object), textAt(reference, "name"));
    if (found !== undefined && uidOf(found) === reference.uid) return found;
  }
  return undefined;
}

export function ownerReference(owner: KubeObject): JsonObject {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The label that says of which template a Pod of a StatefulSet or DaemonSet is. */
export const REVISION = "controller-revision-hash";

/** Whether a Pod is of a revision of its workload. */
export function isAt(pod: KubeObject, revision: string): boolean {
  return mapAt(pod, "metadata", "labels")[REVISION] === revision;
}

/** A short stable name for a Pod template, whatever the order of its keys. */
export function templateHash(template: Json): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(template)))
    .digest("hex")
    .slice(0, 10);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]));
}

/** A Pod of a template, owned by a workload. */
export function podOf(owner: KubeObject, name: string, labels: JsonObject): KubeObject {
  const template = mapAt(owner, "spec", "template");
  const meta = mapAt(template, "metadata");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: namespaceOf(owner),
      labels: { ...mapAt(meta, "labels"), ...labels },
      ...(meta.annotations === undefined ? {} : { annotations: meta.annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    spec: mapAt(template, "spec"),
  };
}

export function suffix(): string {
  return Math.random().toString(36).slice(2, 7).padEnd(5, "0");
}

/** A condition, its transition time kept while the status stays. */
export function condition(
  object: KubeObject,
  type: string,
  status: boolean,
  reason: string,
  message: string,
  now: Date,
): JsonObject {
  const before = mapsAt(object, "status", "conditions").find((one) => one.type === type);
  const text = status ? "True" : "False";
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  const lastTransitionTime = before?.status === text ? textAt(before, "lastTransitionTime") : time;
  const lastUpdateTime =
    before?.status === text && before.reason === reason ? textAt(before, "lastUpdateTime") : time;
  return { type, status: text, reason, message, lastUpdateTime, lastTransitionTime };
}
