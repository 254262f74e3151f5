import { jsonPatch, mergePatch } from "../../engine/merge/index.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import type { PatchType, Target, Written } from "../api/objects.ts";
import { badRequest, conflict, invalid } from "../api/status-error.ts";
import { selectorText } from "./columns/cells.ts";
import { mapAt, numberAt, textAt } from "../store/parts.ts";
import { type Call, json } from "./call.ts";
import { writeOptions } from "./write-options.ts";

/** The `/scale` of a workload (autoscaling/v1 Scale). */
export function readScale(object: KubeObject): JsonObject {
  const { name, namespace = "", uid = "", resourceVersion = "", creationTimestamp = "" } = object.metadata;
  const selector = mapAt(object, "spec", "selector");
  const text = Object.keys(selector).length === 0 ? {} : { selector: selectorText(selector) };
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, ["spec", "replicas"], 1) },
    status: { replicas: numberAt(object, ["status", "replicas"], 0), ...text },
  };
}

/** Changes the replicas of a workload through a patch of its Scale, and answers with the Scale. Throws 400, 404, 409, 422. */
export function patchScale(call: Call, target: Target, type: PatchType, patch: Json): void {
  const before = readScale(call.objects.get(target));
  const after = type === "json" ? jsonPatch(before, patch) : mergeScale(before, patch);
  writeScale(call, target, after);
}

function mergeScale(scale: JsonObject, patch: Json): Json {
  if (!isJsonObject(patch)) throw badRequest("the patch must be an object");
  return mergePatch(scale, patch);
}

/** Changes the replicas of a workload to those of a Scale. */
export function writeScale(call: Call, target: Target, scale: Json): void {
  const { definition, name } = target;
  const replicas = numberAt(scale, ["spec", "replicas"], 0);
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid({ group: "autoscaling", kind: "Scale" }, name, [{ field: "spec.replicas", message }]);
  }
  const version = textAt(scale, "metadata", "resourceVersion");
  if (version !== "" && version !== textAt(call.objects.get(target), "metadata", "resourceVersion")) {
    const why = "the object has been modified; please apply your changes to the latest version and try again";
    throw conflict(definition, name, why);
  }
  const kind = call.request.method === "PUT" ? "UpdateOptions" : "PatchOptions";
  const written: Written = call.objects.patch(
    target,
    "merge",
    { spec: { replicas } },
    writeOptions(call, kind),
  );
  json(call.response, 200, readScale(written.object));
}
