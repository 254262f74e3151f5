import type { KubeObject } from "../model/kube-object.ts";
import { conditionsOf, conditionWords } from "./fields.ts";
import { failed, type Health, HEALTHY, progressing } from "./health.ts";

export function customResourceDefinitionHealth(object: KubeObject): Health {
  for (const condition of conditionsOf(object)) {
    const { type, status, reason } = condition;
    if (type === "NamesAccepted" && status === "False") return failed(conditionWords(condition));
    if (type !== "Established") continue;
    if (status === "False" && reason !== "Installing") return failed(conditionWords(condition));
    if (status === "True") return HEALTHY;
  }
  return progressing("it is being installed");
}

/** Not in kstatus: an APIService that is not available answers for no kind. */
export function apiServiceHealth(object: KubeObject): Health {
  const available = conditionsOf(object).find(({ type }) => type === "Available");
  if (available?.status === "True") return HEALTHY;
  return progressing(
    available === undefined ? "its availability is not known yet" : conditionWords(available),
  );
}
