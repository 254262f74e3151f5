import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { deploymentStatus, progressDeadline } from "./deployment-status.ts";
import { controllerOf, ownedBy, templateHash } from "./owned.ts";
import { newReplicaSet, noteRevision } from "./rollout.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const DEPLOYMENTS = "apps/deployments";
const REPLICA_SETS = "apps/replicasets";
const MANAGER = "kube-controller-manager";
/** Times of the API have whole seconds: a deadline is over a moment after it. */
const MOMENT_MS = 20;

/** Keeps one ReplicaSet for the newest template; the others end once it is ready, or before it with `Recreate`. */
export const deployments: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const owner =
    resource === REPLICA_SETS
      ? controllerOf(context, object, [DEPLOYMENTS])
      : resource === DEPLOYMENTS
        ? after
        : undefined;
  const deployment = owner === undefined ? undefined : found(owner, context);
  if (deployment === undefined) return;
  reconcile(deployment, context);
  if (resource === DEPLOYMENTS) watchProgress(deployment, before, context);
};

/** The Deployment as it is now, unless it is on its way out. */
function found(deployment: KubeObject, context: ControllerContext): KubeObject | undefined {
  const { store } = context.objects;
  const now = store.get(DEPLOYMENTS, namespaceOf(deployment), deployment.metadata.name);
  return textAt(now, "metadata", "deletionTimestamp") === "" ? now : undefined;
}

function reconcile(deployment: KubeObject, context: ControllerContext): void {
  const hash = templateHash(mapAt(deployment, "spec", "template"));
  const wanted = numberAt(deployment, ["spec", "replicas"], 1);
  const isCurrent = (set: KubeObject) => mapAt(set, "metadata", "labels")["pod-template-hash"] === hash;
  const before = ownedBy(context, REPLICA_SETS, deployment);
  const waits =
    mapAt(deployment, "spec", "strategy").type === "Recreate" &&
    before.some((set) => !isCurrent(set) && numberAt(set, ["status", "replicas"], 0) > 0);
  if (!waits) ensure(context, newReplicaSet(deployment, hash, wanted), MANAGER);
  const sets = ownedBy(context, REPLICA_SETS, deployment);
  const current = sets.find(isCurrent);
  const old = sets.filter((set) => !isCurrent(set));
  if (current !== undefined) {
    noteRevision(deployment, current, sets, context);
    if (!waits) scale(current, wanted, context);
  }
  const isNewReady = current !== undefined && numberAt(current, ["status", "readyReplicas"], 0) >= wanted;
  if (waits || isNewReady) for (const set of old) scale(set, 0, context);
  forget(deployment, old, context);
  const status = deploymentStatus(deployment, current, sets, context.now());
  change(context, deployment, { status }, MANAGER);
}

function scale(set: KubeObject, replicas: number, context: ControllerContext): void {
  if (numberAt(set, ["spec", "replicas"], 1) !== replicas)
    change(context, set, { spec: { replicas } }, MANAGER);
}

/** Removes the oldest ReplicaSets without Pods beyond the history that is kept. */
function forget(deployment: KubeObject, old: readonly KubeObject[], context: ControllerContext): void {
  const limit = numberAt(deployment, ["spec", "revisionHistoryLimit"], 10);
  const idle = old.filter(
    (set) => numberAt(set, ["status", "replicas"], 0) === 0 && numberAt(set, ["spec", "replicas"], 1) === 0,
  );
  for (const set of idle.slice(0, Math.max(0, idle.length - limit))) remove(context, set);
}

/** Looks again when the time for a rollout is over. */
function watchProgress(
  deployment: KubeObject,
  before: KubeObject | undefined,
  context: ControllerContext,
): void {
  const deadline = progressDeadline(deployment);
  if (deadline === 0 || !Number.isFinite(deadline)) return;
  if (before !== undefined && progressDeadline(before) === deadline) return;
  context.later(Math.max(0, deadline - context.now().getTime()) + MOMENT_MS, () => {
    const now = found(deployment, context);
    if (now !== undefined) reconcile(now, context);
  });
}
