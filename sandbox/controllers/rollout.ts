import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { ownerReference } from "./owned.ts";
import type { ControllerContext } from "./types.ts";
import { change } from "./write.ts";

const REVISION = "deployment.kubernetes.io/revision";
const MANAGER = "kube-controller-manager";

/** The ReplicaSet that a Deployment's template of this hash needs. */
export function newReplicaSet(deployment: KubeObject, hash: string, replicas: number): KubeObject {
  const spec = mapAt(deployment, "spec");
  const template = mapAt(spec, "template");
  const own = { "pod-template-hash": hash };
  const labels = { ...mapAt(template, "metadata", "labels"), ...own };
  const selector = mapAt(spec, "selector");
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
      selector: { ...selector, matchLabels: { ...mapAt(selector, "matchLabels"), ...own } },
      template: { ...template, metadata: { ...mapAt(template, "metadata"), labels } },
    },
  };
}

/** Numbers the newest ReplicaSet behind all others, as `kubectl rollout history` and `undo` read it. */
export function noteRevision(
  deployment: KubeObject,
  current: KubeObject,
  sets: readonly KubeObject[],
  context: ControllerContext,
): void {
  const others = sets.filter((set) => set !== current).map(revisionOf);
  const revision = Math.max(0, ...others) + 1;
  const number = revisionOf(current) >= revision ? revisionOf(current) : revision;
  const annotated: JsonObject = { metadata: { annotations: { [REVISION]: String(number) } } };
  if (revisionOf(current) !== number) change(context, current, annotated, MANAGER);
  // with its status, so that it is no change of what is wanted
  if (revisionOf(deployment) !== number) change(context, deployment, { ...annotated, status: {} }, MANAGER);
}

function revisionOf(object: KubeObject): number {
  return Number(textAt(object, "metadata", "annotations", REVISION));
}

/** How many Pods must be available for a Deployment to count as available. */
export function minimumAvailable(deployment: KubeObject, wanted: number): number {
  const strategy = mapAt(deployment, "spec", "strategy");
  if (strategy.type === "Recreate") return wanted;
  const share = mapAt(strategy, "rollingUpdate").maxUnavailable;
  const most =
    typeof share === "string" && share.endsWith("%")
      ? Math.floor((wanted * Number(share.slice(0, -1))) / 100)
      : numberAt(strategy, ["rollingUpdate", "maxUnavailable"], 0);
  return Math.max(0, wanted - most);
}
