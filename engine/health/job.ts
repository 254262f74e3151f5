import type { KubeObject } from "../model/kube-object.ts";
import { at, conditionsOf, conditionWords, integer, text } from "./fields.ts";
import { failed, type Health, HEALTHY, progressing } from "./health.ts";

/**
 * As kstatus, but a running Job is progressing, not done; and a Job that is resumed is not done either while the
 * controller still says that it is suspended.
 */
export function jobHealth(object: KubeObject): Health {
  const completions = integer(object, ["spec", "completions"], integer(object, ["spec", "parallelism"], 1));
  for (const condition of conditionsOf(object)) {
    if (condition.status !== "True") continue;
    if (condition.type === "Complete") return HEALTHY;
    if (condition.type === "Failed") return failed(`the Job failed: ${conditionWords(condition)}`);
  }
  if (at(object, "spec", "suspend") === true) return HEALTHY;
  if (text(object, "status", "startTime") === "") return progressing("it has not started yet");
  const succeeded = integer(object, ["status", "succeeded"], 0);
  return progressing(`it runs: ${succeeded} of ${completions} done`);
}
