import {
  applyServerSide,
  deducedSchema,
  jsonPatch,
  schemaFor,
  updateManaged,
} from "../../../engine/merge/index.ts";
import type { PatchStep } from "../../../engine/cluster/types.ts";
import { type Json, type KubeObject, parseApiVersion } from "../../../engine/model/kube-object.ts";

const NOW = "2026-11-23T18:00:00Z";

function schemaOf({ apiVersion, kind }: KubeObject) {
  return schemaFor({ ...parseApiVersion(apiVersion), kind }) ?? deducedSchema;
}

/** What server-side apply makes of an object; forced. */
export function applied(live: KubeObject | undefined, config: KubeObject, manager = "strata"): KubeObject {
  const outcome = applyServerSide({ live, config, manager, force: true, now: NOW, schema: schemaOf(config) });
  if (outcome.outcome === "conflict") throw new Error(outcome.message);
  return stored(outcome.object);
}

/** What a create or an update makes of an object. */
export function updated(
  before: KubeObject | undefined,
  after: KubeObject,
  manager: string,
  subresource?: string,
): KubeObject {
  const at = subresource === undefined ? {} : { subresource };
  return stored(updateManaged({ before, after, manager, now: NOW, schema: schemaOf(after), ...at }));
}

function stored(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: "1" } };
}

/** What a JSON patch makes of an object. */
export function patched(before: KubeObject, steps: readonly PatchStep[], manager = "strata"): KubeObject {
  const after = jsonPatch(before, steps as unknown as Json) as KubeObject; // steps are JSON, and leave it an object
  return updated(before, after, manager);
}
