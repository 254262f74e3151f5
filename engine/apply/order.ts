import { objectIdOf, type KubeObject, type ObjectId } from "../model/kube-object.ts";
import { definedKind, guardedGroups, isDefinition } from "./definitions.ts";

/**
 * Where an object stands in its layer. Each rank is accepted by the server before the next begins:
 * what others need comes first, what calls into workloads (webhooks, aggregated APIs) after them, and custom
 * resources whose definition or webhook is in the layer come last.
 */
export const RANKS = [
  "namespaces",
  "definitions",
  "foundations",
  "bindings",
  "workloads",
  "callers",
  "custom-resources",
] as const;
export type Rank = (typeof RANKS)[number];

/** Kubernetes' own API groups; what is in any other group is a custom resource. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "internal.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

const RANK_OF_KIND: Readonly<Record<string, Rank>> = {
  "/Namespace": "namespaces",
  "apiextensions.k8s.io/CustomResourceDefinition": "definitions",
  "/ConfigMap": "foundations",
  "/LimitRange": "foundations",
  "/PersistentVolume": "foundations",
  "/PersistentVolumeClaim": "foundations",
  "/ResourceQuota": "foundations",
  "/Secret": "foundations",
  "/ServiceAccount": "foundations",
  "networking.k8s.io/IngressClass": "foundations",
  "networking.k8s.io/NetworkPolicy": "foundations",
  "node.k8s.io/RuntimeClass": "foundations",
  "rbac.authorization.k8s.io/ClusterRole": "foundations",
  "rbac.authorization.k8s.io/Role": "foundations",
  "resource.k8s.io/DeviceClass": "foundations",
  "scheduling.k8s.io/PriorityClass": "foundations",
  "storage.k8s.io/CSIDriver": "foundations",
  "storage.k8s.io/StorageClass": "foundations",
  "storage.k8s.io/VolumeAttributesClass": "foundations",
  "rbac.authorization.k8s.io/ClusterRoleBinding": "bindings",
  "rbac.authorization.k8s.io/RoleBinding": "bindings",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": "callers",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": "callers",
  "apiregistration.k8s.io/APIService": "callers",
};

/** Groups and kinds of a layer whose objects wait for the layer's own definitions and callers. */
export interface LayerContext {
  /** `group/kind` of the kinds that the layer's CRDs define. */
  readonly definedKinds: ReadonlySet<string>;
  /** Groups that the layer's APIServices serve or its webhooks look at. */
  readonly guardedGroups: ReadonlySet<string>;
}

export function layerContext(objects: readonly KubeObject[]): LayerContext {
  const definitions = objects.filter((object) => isDefinition(objectIdOf(object))).map(definedKind);
  const callers = objects.filter((object) => kindRank(objectIdOf(object)) === "callers");
  return {
    definedKinds: new Set(definitions.filter((kind) => kind !== undefined).map((kind) => kindKey(kind))),
    guardedGroups: new Set(callers.flatMap(guardedGroups)),
  };
}

/** The rank of an object among the others of its layer. */
export function applyRank(id: ObjectId, context: LayerContext): Rank {
  const rank = kindRank(id);
  if (rank !== "workloads" || BUILT_IN_GROUPS.has(id.group)) return rank;
  const waits = context.definedKinds.has(kindKey(id)) || context.guardedGroups.has(id.group);
  return waits ? "custom-resources" : rank;
}

/** Puts the objects of a layer into the order in which they are applied; each inner list in parallel. */
export function orderForApply<T extends { readonly body: KubeObject }>(
  items: readonly T[],
): readonly { readonly rank: Rank; readonly items: readonly T[] }[] {
  const context = layerContext(items.map((item) => item.body));
  const groups = Map.groupBy(items, (item) => applyRank(objectIdOf(item.body), context));
  return RANKS.flatMap((rank) => {
    const members = groups.get(rank);
    return members === undefined ? [] : [{ rank, items: members }];
  });
}

/**
 * Steps of deletion, each begun when the one before is done: webhooks first (they would call into what goes),
 * custom resources while their controllers still run, and at last definitions and Namespaces.
 */
export const DELETION_STEPS = [
  "webhooks",
  "custom-resources",
  "workloads",
  "bindings",
  "foundations",
  "definitions",
  "namespaces",
] as const;
export type DeletionStep = (typeof DELETION_STEPS)[number];

/** The step of deletion of an object, by its identity alone. */
export function deletionStep(id: ObjectId): DeletionStep {
  if (!BUILT_IN_GROUPS.has(id.group)) return "custom-resources";
  const rank = kindRank(id);
  if (rank !== "callers") return rank;
  return id.kind === "APIService" ? "workloads" : "webhooks";
}

function kindRank(id: { readonly group: string; readonly kind: string }): Rank {
  return RANK_OF_KIND[kindKey(id)] ?? "workloads";
}

function kindKey(id: { readonly group: string; readonly kind: string }): string {
  return `${id.group}/${id.kind}`;
}
