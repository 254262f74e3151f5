import { isDeepStrictEqual } from "node:util";
import { createTwoFilesPatch } from "diff";
import { type Comparison, compareObject, openComparison } from "../apply/dry-run/compare-object.ts";
import { PART_OF_LABEL } from "../apply/marks.ts";
import type { KubeApi } from "../cluster/types.ts";
import type { Desired, DesiredObject } from "../model/desired.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import { HIDDEN, HIDDEN_CHANGED, hideFields, SECRET_FIELDS } from "../model/hide-secrets.ts";
import {
  describeId,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  objectIdOf,
} from "../model/kube-object.ts";
import type { DiffView, LeftView, ObjectDiffView } from "../model/view.ts";
import { writeYaml } from "../yaml/index.ts";

const AT_ONCE = 8;

/**
 * What applying a cluster's desired state now would change in it, by dry runs on its API server: admission and defaults
 * included; and what it would leave to others. Values of Secrets are left out. Objects that would be pruned are not
 * looked at.
 * @throws where the cluster cannot be reached
 */
export async function diffCluster(api: KubeApi, desired: Desired, signal: AbortSignal): Promise<DiffView> {
  const comparison = await openComparison(api, desired, signal);
  const objects: ObjectDiffView[] = [];
  const left: LeftView[] = [];
  const problems: Problem[] = [];
  for (const layer of desired.steps.flat()) {
    const name = `${layer.profile}/${layer.name}`;
    for (let at = 0; at < layer.objects.length; at += AT_ONCE) {
      const results = await Promise.all(
        layer.objects.slice(at, at + AT_ONCE).map((object) => diffObject(name, object, comparison)),
      );
      for (const result of results) {
        if ("code" in result) problems.push(result);
        else {
          objects.push(...result.objects);
          left.push(...result.left);
        }
      }
    }
  }
  return { cluster: desired.cluster, commit: desired.commit, objects, left, problems };
}

async function diffObject(
  layer: string,
  desired: DesiredObject,
  comparison: Comparison,
): Promise<Pick<DiffView, "objects" | "left"> | Problem> {
  try {
    const compared = await compareObject(desired, comparison);
    const { wanted, live } = compared;
    if (live === undefined) return { objects: [created(layer, wanted)], left: [] };
    const object = describeId(objectIdOf(live));
    const diff = textDiff(
      readable(live),
      readable(wanted, isSameData(live, wanted) ? HIDDEN : HIDDEN_CHANGED),
    );
    return {
      objects: diff === "" ? [] : [{ layer, object, change: "update", diff }],
      left: compared.left.map((value) => ({ layer, object, ...value })),
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...error.toProblem(), ...desired.place, object: describeId(objectIdOf(desired.object)) };
  }
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

function isSameData(live: KubeObject, wanted: KubeObject): boolean {
  return SECRET_FIELDS.every((field) => isDeepStrictEqual(live[field], wanted[field]));
}

/** An object as text without what the server alone writes, and with `hidden` for the values of a Secret. */
function readable(object: KubeObject, hidden: string = HIDDEN): string {
  const { status: _status, ...rest } = object;
  const { labels, ...others } = Object.fromEntries(
    Object.entries(object.metadata).filter(([key]) => !NOISE.has(key)),
  );
  const own = isJsonObject(labels) ? Object.entries(labels).filter(([key]) => key !== PART_OF_LABEL) : [];
  const metadata = { ...others, ...(own.length === 0 ? {} : { labels: Object.fromEntries(own) }) };
  const shown: JsonObject = { ...rest, metadata };
  return writeYaml(object.kind === "Secret" ? hideFields(shown, hidden) : shown);
}
