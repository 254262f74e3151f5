import pLimit from "p-limit";
import { objectIdOf } from "../../model/kube-object.ts";
import type { ObjectEffect } from "../../model/plan.ts";
import { deletionStep } from "../order.ts";
import { forecastPrune, judgingTurns } from "./forecast-prune.ts";
import { openTrial, type TrialOptions, type TriedEffect } from "./trial.ts";
import { tryApply } from "./try-apply.ts";

/** Requests at a time. */
const PARALLEL = 8;

/**
 * Asks a cluster what a plan's effects would do in it: writes by dry runs of the same requests (admission, validation
 * and immutable fields included), deletions by the looks that a prune takes. Changes nothing, and costs requests for
 * the effects alone.
 * @returns what becomes of each effect, in their order
 * @throws `inventory-of-another-repository`, and where the cluster cannot be reached
 */
export async function tryEffects(
  effects: readonly ObjectEffect[],
  options: TrialOptions,
): Promise<readonly TriedEffect[]> {
  if (effects.length === 0) return [];
  const trial = await openTrial(options);
  const limit = pLimit(PARALLEL);
  const tried = new Map<ObjectEffect, TriedEffect>();
  const gone = new Set<string>();
  const stepOf = (one: ObjectEffect) => (leaves(one) ? deletionStep(objectIdOf(one.object)) : undefined);
  for (const turn of judgingTurns(effects, stepOf)) {
    const results = turn.map((one) =>
      limit(async () => {
        if (!leaves(one)) return { one, result: await tryApply(one, trial) };
        return { one, ...(await forecastPrune(one, gone, trial)) };
      }),
    );
    for (const { one, result, ...pruned } of await Promise.all(results)) {
      tried.set(one, result);
      if ("gone" in pruned && pruned.gone !== undefined) gone.add(pruned.gone);
    }
  }
  return effects.map((one) => tried.get(one) ?? one);
}

function leaves({ effect }: ObjectEffect): boolean {
  return effect === "pruned" || effect === "kept";
}
