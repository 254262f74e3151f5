import { createTwoFilesPatch } from "diff";
import { PART_OF_LABEL } from "../apply/marks.ts";
import { normalise } from "../apply/normalise.ts";
import type { KubeApi } from "../cluster/types.ts";
import type { Desired, DesiredObject } from "../model/desired.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import {
  describeId,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  objectIdOf,
  parseApiVersion,
} from "../model/kube-object.ts";
import type { DiffView, ObjectDiffView } from "../model/view.ts";
import { writeYaml } from "../yaml/index.ts";

const AT_ONCE = 8;

/**
 * What applying a cluster's desired state now would change in it, by dry runs on its API server: admission and defaults
 * included. Values of Secrets are left out. Objects that would be pruned are not looked at.
 */
export async function diffCluster(api: KubeApi, desired: Desired, signal: AbortSignal): Promise<DiffView> {
  const objects: ObjectDiffView[] = [];
  const problems: Problem[] = [];
  for (const layer of desired.steps.flat()) {
    const name = `${layer.profile}/${layer.name}`;
    for (let at = 0; at < layer.objects.length; at += AT_ONCE) {
      const results = await Promise.all(
        layer.objects.slice(at, at + AT_ONCE).map((object) => diffObject(api, name, object, signal)),
      );
      for (const result of results) {
        if (result === undefined) continue;
        if ("code" in result) problems.push(result);
        else objects.push(result);
      }
    }
  }
  return { cluster: desired.cluster, commit: desired.commit, objects, problems };
}

async function diffObject(
  api: KubeApi,
  layer: string,
  { object, place }: DesiredObject,
  signal: AbortSignal,
): Promise<ObjectDiffView | Problem | undefined> {
  const { group, version } = parseApiVersion(object.apiVersion);
  try {
    const found = await api.discovery.resolve({ group, kind: object.kind, version }, signal);
    if (found.state !== "served") return created(layer, object);
    const normal = (applySet: string) => normalise(object, { applySet, namespaced: found.type.namespaced });
    const { namespace, name } = objectIdOf(normal(""));
    const live = await api.get(found.type, { namespace, name }, signal);
    if (live === undefined) return created(layer, normal(""));
    // Whose inventory lists it is no difference that a user asks for.
    const body = normal(partOf(live));
    const { object: applied } = await api.apply(found.type, body, { force: true, dryRun: true }, signal);
    const diff = textDiff(readable(live), readable(applied));
    return diff === "" ? undefined : { layer, object: describeId(objectIdOf(body)), change: "update", diff };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...error.toProblem(), ...place, object: describeId(objectIdOf(object)) };
  }
}

function partOf(live: KubeObject): string {
  const labels = live.metadata.labels;
  const value = isJsonObject(labels) ? labels[PART_OF_LABEL] : undefined;
  return typeof value === "string" ? value : "";
}

function created(layer: string, object: KubeObject): ObjectDiffView {
  return {
    layer,
    object: describeId(objectIdOf(object)),
    change: "create",
    diff: textDiff("", readable(object)),
  };
}

function textDiff(live: string, wanted: string): string {
  if (live === wanted) return "";
  const patch = createTwoFilesPatch("live", "desired", live, wanted, "", "", { context: 3, timeout: 2_000 });
  return patch === undefined ? "(too different to show)" : patch.replace(/^=+\n/, "");
}

const NOISE = new Set([
  "managedFields",
  "resourceVersion",
  "generation",
  "uid",
  "creationTimestamp",
  "selfLink",
]);

/** An object as text without what the server alone writes, and without the values of a Secret. */
function readable(object: KubeObject): string {
  const { status: _status, ...rest } = object;
  const { labels, ...others } = Object.fromEntries(
    Object.entries(object.metadata).filter(([key]) => !NOISE.has(key)),
  );
  const own = isJsonObject(labels) ? Object.entries(labels).filter(([key]) => key !== PART_OF_LABEL) : [];
  const metadata = { ...others, ...(own.length === 0 ? {} : { labels: Object.fromEntries(own) }) };
  const shown: JsonObject = { ...rest, metadata };
  return writeYaml(
    object.kind === "Secret"
      ? { ...shown, data: hidden(rest.data), stringData: hidden(rest.stringData) }
      : shown,
  );
}

function hidden(values: Json | undefined): Json {
  if (!isJsonObject(values)) return null;
  return Object.fromEntries(Object.keys(values).map((key) => [key, "***"]));
}
