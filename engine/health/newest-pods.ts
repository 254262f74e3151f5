import { isDeepStrictEqual } from "node:util";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  parseApiVersion,
} from "../model/kube-object.ts";
import { at, objects, text } from "./fields.ts";
import { isGenerationUnseen } from "./generic.ts";

const REVISION = "deployment.kubernetes.io/revision";
const TEMPLATE_HASH = "pod-template-hash";

/**
 * The Pods that a workload's last change made: while one is repaired, its old Pods go on failing and mean nothing.
 * None where the controller has not seen the last change yet.
 * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job
 * @param pods what its selector matches
 * @param replicaSets for a Deployment, what its selector matches; without them, the template of the youngest Pod counts
 */
export function newestPods(
  workload: KubeObject,
  pods: readonly KubeObject[],
  replicaSets: readonly KubeObject[] = [],
): KubeObject[] {
  if (isGenerationUnseen(workload)) return [];
  const { group } = parseApiVersion(workload.apiVersion);
  switch (`${group}/${workload.kind}`) {
    case "apps/Deployment": {
      const hash = templateHash(workload, pods, replicaSets);
      return hash === undefined ? [] : pods.filter((pod) => label(pod, TEMPLATE_HASH) === hash);
    }
    case "apps/StatefulSet": {
      const revision = text(workload, "status", "updateRevision");
      return owned(workload, pods).filter((pod) => label(pod, "controller-revision-hash") === revision);
    }
    case "apps/DaemonSet": {
      const template = text(workload, "metadata", "annotations", "deprecated.daemonset.template.generation");
      return owned(workload, pods).filter(
        (pod) => template === "" || label(pod, "pod-template-generation") === template,
      );
    }
    default:
      return owned(workload, pods);
  }
}

/**
 * The hash of a Deployment's newest ReplicaSet: the one with its own revision, and with its own template. While it is
 * scaled its controller takes note of a change before it makes the ReplicaSet for it.
 */
function templateHash(
  deployment: KubeObject,
  pods: readonly KubeObject[],
  replicaSets: readonly KubeObject[],
): string | undefined {
  const revision = text(deployment, "metadata", "annotations", REVISION);
  const mine = owned(deployment, replicaSets);
  const newest = mine.find((set) => text(set, "metadata", "annotations", REVISION) === revision);
  if (newest !== undefined) {
    return isDeepStrictEqual(templateOf(newest), templateOf(deployment))
      ? label(newest, TEMPLATE_HASH)
      : undefined;
  }
  if (mine.length > 0) return undefined;
  const hashed = pods.filter((pod) => label(pod, TEMPLATE_HASH) !== "");
  const youngest = hashed.reduce<KubeObject | undefined>(
    (best, pod) => (best === undefined || created(pod) > created(best) ? pod : best),
    undefined,
  );
  return youngest === undefined ? undefined : label(youngest, TEMPLATE_HASH);
}

/** The template of Pods, without the hash that a ReplicaSet's has. */
function templateOf(workload: KubeObject): JsonObject {
  const template = jsonObject(at(workload, "spec", "template"));
  const metadata = jsonObject(template.metadata);
  const { [TEMPLATE_HASH]: _hash, ...labels } = jsonObject(metadata.labels);
  return { ...template, metadata: { ...metadata, labels } };
}

function jsonObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function owned(owner: KubeObject, candidates: readonly KubeObject[]): KubeObject[] {
  const uid = text(owner, "metadata", "uid");
  return candidates.filter((candidate) =>
    objects(candidate, "metadata", "ownerReferences").some((reference) => text(reference, "uid") === uid),
  );
}

function label(object: KubeObject, name: string): string {
  return text(object, "metadata", "labels", name);
}

/** RFC 3339 in UTC with whole seconds, as the API server writes it, sorts as text. */
function created(object: KubeObject): string {
  return text(object, "metadata", "creationTimestamp");
}
