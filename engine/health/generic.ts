import type { KubeObject } from "../model/kube-object.ts";
import { at, conditionsOf, conditionWords, text } from "./fields.ts";
import { failed, type Health, HEALTHY, progressing } from "./health.ts";

/** What holds for every kind and comes first: deletion, an unseen generation, the conditions of kstatus. */
export function genericHealth(object: KubeObject): Health | undefined {
  if (text(object, "metadata", "deletionTimestamp") !== "") {
    return { health: "terminating", message: "it is being deleted" };
  }
  if (isGenerationUnseen(object)) return progressing("its controller has not seen the last change yet");
  for (const condition of conditionsOf(object)) {
    if (condition.status !== "True") continue;
    if (condition.type === "Reconciling") return progressing(conditionWords(condition));
    if (condition.type === "Stalled") return failed(conditionWords(condition));
  }
  return undefined;
}

/** Whether the status speaks of an older generation than the spec; false where either number is missing. */
export function isGenerationUnseen(object: KubeObject): boolean {
  const generation = at(object, "metadata", "generation");
  const observed = at(object, "status", "observedGeneration");
  return typeof generation === "number" && typeof observed === "number" && generation !== observed;
}

/** The rule for kinds without one of their own: `Ready` where it is there, else healthy. */
export function readyHealth(object: KubeObject): Health {
  const ready = conditionsOf(object).find(
    ({ type, status }) => type === "Ready" && ["True", "False", "Unknown"].includes(status),
  );
  return ready === undefined || ready.status === "True" ? HEALTHY : progressing(conditionWords(ready));
}
