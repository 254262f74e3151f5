import type { DesiredLayer, DesiredObject } from "../model/desired.ts";
import { formatPlace, type Problem } from "../model/errors.ts";
import {
  describeId,
  isJsonObject,
  type KubeObject,
  objectIdOf,
  objectKey,
  parseApiVersion,
} from "../model/kube-object.ts";

/** Keys of the objects that HorizontalPodAutoscalers among these scale. */
export function autoscaledKeys(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(objects.flatMap((object) => targetKey(object) ?? []));
}

/** Objects that name replicas although an autoscaler beside them scales them, unless their layer leaves them to others. */
export function findAutoscaled(layers: readonly DesiredLayer[]): Problem[] {
  const objects = layers.flatMap((layer) => layer.objects);
  const scalers = new Map(
    objects.flatMap((one) => {
      const key = targetKey(one.object);
      return key === undefined ? [] : [[key, one] as const];
    }),
  );
  return objects.flatMap((one) => {
    const id = objectIdOf(one.object);
    const scaler = scalers.get(objectKey({ ...id, namespace: id.namespace || "default" }));
    return scaler === undefined || !setsReplicas(one) ? [] : [autoscaledProblem(one, scaler)];
  });
}

/** The key of what an autoscaler scales; undefined of any other object. */
function targetKey(object: KubeObject): string | undefined {
  const { group, kind, namespace } = objectIdOf(object);
  if (group !== "autoscaling" || kind !== "HorizontalPodAutoscaler" || !isJsonObject(object.spec))
    return undefined;
  const { scaleTargetRef: target } = object.spec;
  if (!isJsonObject(target)) return undefined;
  const { apiVersion, kind: scaled, name } = target;
  if (typeof apiVersion !== "string" || typeof scaled !== "string" || typeof name !== "string")
    return undefined;
  const { group: of } = parseApiVersion(apiVersion);
  return objectKey({ group: of, kind: scaled, namespace: namespace || "default", name });
}

function setsReplicas({ object, ignored = [] }: DesiredObject): boolean {
  const isIgnored = ignored.some((path) => ["f:spec", "f:spec f:replicas"].includes(path.join(" ")));
  return !isIgnored && isJsonObject(object.spec) && typeof object.spec.replicas === "number";
}

function autoscaledProblem({ object, place }: DesiredObject, scaler: DesiredObject): Problem {
  return {
    code: "replicas-autoscaled",
    message: `spec.replicas is set, and ${describeId(objectIdOf(scaler.object))} (${formatPlace(scaler.place)}) scales it`,
    ...place,
    object: describeId(objectIdOf(object)),
    hint: "take spec.replicas out, or list it in the layer's `ignore`: then it counts at creation only",
    severity: "warning",
  };
}
