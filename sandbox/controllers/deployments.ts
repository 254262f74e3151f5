import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { condition, controllerOf, ownedBy, ownerReference, templateHash } from "./owned.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const DEPLOYMENTS = "apps/deployments";
const REPLICA_SETS = "apps/replicasets";
const MANAGER = "kube-controller-manager";

/** Keeps one ReplicaSet for the newest template; the others end once it is ready. */
export const deployments: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const owner =
    resource === REPLICA_SETS
      ? controllerOf(context, object, [DEPLOYMENTS])
      : resource === DEPLOYMENTS
        ? after
        : undefined;
  const deployment =
    owner === undefined
      ? undefined
      : context.objects.store.get(DEPLOYMENTS, namespaceOf(owner), owner.metadata.name);
  if (deployment !== undefined && textAt(deployment, "metadata", "deletionTimestamp") === "")
    reconcile(deployment, context);
};

function reconcile(deployment: KubeObject, context: ControllerContext): void {
  const template = mapAt(deployment, "spec", "template");
  const hash = templateHash(template);
  const wanted = numberAt(deployment, ["spec", "replicas"], 1);
  ensure(context, newReplicaSet(deployment, hash, wanted), MANAGER);
  const sets = ownedBy(context, REPLICA_SETS, deployment);
  const current = sets.find((set) => mapAt(set, "metadata", "labels")["pod-template-hash"] === hash);
  if (current === undefined) return;
  if (numberAt(current, ["spec", "replicas"], 1) !== wanted)
    change(context, current, { spec: { replicas: wanted } }, MANAGER);
  const isNewReady = numberAt(current, ["status", "readyReplicas"], 0) >= wanted;
  const old = sets.filter((set) => set !== current);
  if (isNewReady)
    for (const set of old)
      if (numberAt(set, ["spec", "replicas"], 1) > 0)
        change(context, set, { spec: { replicas: 0 } }, MANAGER);
  const limit = numberAt(deployment, ["spec", "revisionHistoryLimit"], 10);
  const idle = old.filter(
    (set) => numberAt(set, ["status", "replicas"], 0) === 0 && numberAt(set, ["spec", "replicas"], 1) === 0,
  );
  for (const set of idle.slice(0, Math.max(0, idle.length - limit))) remove(context, set);
  change(
    context,
    deployment,
    { status: statusOf(deployment, current, sets, wanted, context.now()) },
    MANAGER,
  );
}

function newReplicaSet(deployment: KubeObject, hash: string, replicas: number): KubeObject {
  const spec = mapAt(deployment, "spec");
  const template = mapAt(spec, "template");
  const own = { "pod-template-hash": hash };
  const labels = { ...mapAt(template, "metadata", "labels"), ...own };
  const selector = { matchLabels: { ...mapAt(spec, "selector", "matchLabels"), ...own } };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      selector,
      template: { ...template, metadata: { ...mapAt(template, "metadata"), labels } },
    },
  };
}

function statusOf(
  deployment: KubeObject,
  current: KubeObject,
  sets: readonly KubeObject[],
  wanted: number,
  now: Date,
) {
  const sum = (field: string) => sets.reduce((total, set) => total + numberAt(set, ["status", field], 0), 0);
  const available = sum("availableReplicas");
  const replicas = sum("replicas");
  const updated = numberAt(current, ["status", "replicas"], 0);
  const isAvailable = available >= Math.ceil(wanted * 0.75);
  const done = updated === wanted && replicas === wanted && available >= wanted;
  const name = current.metadata.name;
  return {
    observedGeneration: numberAt(deployment, ["metadata", "generation"], 1),
    replicas,
    updatedReplicas: updated,
    readyReplicas: sum("readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available) || null,
    conditions: [
      isAvailable
        ? condition(
            deployment,
            "Available",
            true,
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
            now,
          )
        : condition(
            deployment,
            "Available",
            false,
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
            now,
          ),
      done
        ? condition(
            deployment,
            "Progressing",
            true,
            "NewReplicaSetAvailable",
            `ReplicaSet "${name}" has successfully progressed.`,
            now,
          )
        : condition(
            deployment,
            "Progressing",
            true,
            "ReplicaSetUpdated",
            `ReplicaSet "${name}" is progressing.`,
            now,
          ),
    ],
  };
}
