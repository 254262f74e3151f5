import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { mapAt, mapsAt, textAt } from "../../store/parts.ts";
import type { FieldProblem } from "../status-error.ts";
import { labelNameProblems } from "./metadata.ts";
import { duplicates, immutable, portProblems, required, unsupported, wrong } from "./problem.ts";

const SELECTED = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"]);
const MOST_PODS = 1000;
const TEMPLATE = "spec.template.spec";
const CRON_TEMPLATE = `spec.jobTemplate.${TEMPLATE}`;

/** What is wrong with a Pod, or with what makes Pods. */
export function podProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const { kind } = object;
  const specAt = (path: string) => mapAt(object, ...path.split("."));
  if (kind === "Pod") return containerProblems(mapAt(object, "spec"), "spec");
  if (SELECTED.has(kind)) {
    return [
      ...countProblems(object),
      ...selectorProblems(object, before),
      ...restartProblems(specAt(TEMPLATE)),
      ...containerProblems(specAt(TEMPLATE), TEMPLATE),
    ];
  }
  if (kind === "Job") {
    return [
      ...countProblems(object),
      ...immutable(object, before, ["spec", "template"]),
      ...endProblems(specAt(TEMPLATE), TEMPLATE),
      ...containerProblems(specAt(TEMPLATE), TEMPLATE),
    ];
  }
  if (kind !== "CronJob") return [];
  return [
    ...(textAt(object, "spec", "schedule") === "" ? [required("spec.schedule")] : []),
    ...endProblems(specAt(CRON_TEMPLATE), CRON_TEMPLATE),
    ...containerProblems(specAt(CRON_TEMPLATE), CRON_TEMPLATE),
  ];
}

/** A sandbox lives inside of the engine: its Pods have bounds that a real cluster has by its nodes. */
function countProblems(object: KubeObject): FieldProblem[] {
  return ["replicas", "completions", "parallelism"].flatMap((name) => {
    const count = mapAt(object, "spec")[name];
    const isCount = typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= MOST_PODS;
    if (count === undefined || isCount) return [];
    const rule = `must be a whole number from 0 to ${MOST_PODS}, the most that a sandbox runs`;
    return [wrong(`spec.${name}`, count, rule)];
  });
}

function selectorProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = mapAt(object, "spec");
  const wanted = Object.entries(mapAt(spec, "selector", "matchLabels"));
  const labels = mapAt(spec, "template", "metadata", "labels");
  const selectsNothing = wanted.length === 0 && mapsAt(spec, "selector", "matchExpressions").length === 0;
  const isOther = wanted.some(([key, value]) => labels[key] !== value);
  const why = "`selector` does not match template `labels`";
  return [
    ...immutable(object, before, ["spec", "selector"]),
    ...(selectsNothing ? [required("spec.selector")] : []),
    ...(isOther ? [wrong("spec.template.metadata.labels", labels, why)] : []),
  ];
}

function restartProblems(pod: JsonObject): FieldProblem[] {
  const policy = textAt(pod, "restartPolicy");
  return ["", "Always"].includes(policy)
    ? []
    : [unsupported(`${TEMPLATE}.restartPolicy`, policy, ["Always"])];
}

/** The Pods of a Job come to an end. */
function endProblems(pod: JsonObject, path: string): FieldProblem[] {
  return ["Never", "OnFailure"].includes(textAt(pod, "restartPolicy"))
    ? []
    : [required(`${path}.restartPolicy`, 'valid values: "OnFailure", "Never"')];
}

function containerProblems(spec: JsonObject, path: string): FieldProblem[] {
  const lists = ["initContainers", "containers"] as const;
  const places = lists.flatMap((list) =>
    mapsAt(spec, list).map((container, index) => ({ container, at: `${path}.${list}[${index}]` })),
  );
  const names = places.map(({ container }) => textAt(container, "name"));
  return [
    ...(mapsAt(spec, "containers").length === 0 ? [required(`${path}.containers`)] : []),
    ...places.flatMap(({ container, at }) => oneContainerProblems(container, at)),
    ...duplicates(names, (index) => `${places[index]?.at ?? path}.name`),
  ];
}

function oneContainerProblems(container: JsonObject, at: string): FieldProblem[] {
  const [name, image] = [textAt(container, "name"), textAt(container, "image")];
  return [
    ...(name === "" ? [required(`${at}.name`)] : labelNameProblems(`${at}.name`, name)),
    ...(image === "" ? [required(`${at}.image`)] : []),
    ...(image.trim() === image
      ? []
      : [wrong(`${at}.image`, image, "must not have leading or trailing whitespace")]),
    ...mapsAt(container, "ports").flatMap((port, index) =>
      portProblems(`${at}.ports[${index}].containerPort`, port.containerPort),
    ),
  ];
}
