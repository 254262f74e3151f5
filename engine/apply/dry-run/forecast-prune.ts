import type { Effect, ObjectEffect } from "../../model/plan.ts";
import type { Entry } from "../inventory/model.ts";
import { type JudgeContext, judgeObject, type PruneJudgement, servedType } from "../prune/judge-object.ts";
import { refusalOf } from "../apply-object.ts";
import type { DeletionStep } from "../order.ts";
import { isRefused, resolveItem } from "../resolve-item.ts";
import type { Trial, TriedEffect } from "./trial.ts";

/** What holds others is judged when it is known which of them leave. */
export function judgingTurns<T>(
  all: readonly T[],
  stepOf: (one: T) => DeletionStep | undefined,
): readonly (readonly T[])[] {
  const turns: [T[], T[], T[]] = [[], [], []];
  for (const one of all) {
    const step = stepOf(one);
    turns[step === "namespaces" ? 2 : step === "definitions" ? 1 : 0].push(one);
  }
  return turns;
}

/** What becomes of an object that leaves; `gone` is its key where it goes. */
interface Forecast {
  readonly result: TriedEffect;
  readonly gone?: string;
}

/**
 * What a prune would make of an object that a plan takes away.
 * @param gone keys of objects that are gone by then
 * @throws where the cluster cannot be reached
 */
export async function forecastPrune(
  one: ObjectEffect,
  gone: ReadonlySet<string>,
  trial: Trial,
): Promise<Forecast> {
  const layer = `${trial.profile}/${one.layer}`;
  const item = await resolveItem(one, { ...trial, layer });
  const entry = isRefused(item) ? undefined : trial.entries.get(item.key);
  if (isRefused(item) || entry === undefined)
    return {
      result: { effect: one.effect, why: "the cluster's inventory does not have it: nothing is done" },
    };
  try {
    const result = describeJudgement(await judgeEntry(entry, { ...trial, leaving: gone }));
    return result.effect === "pruned" ? { result, gone: item.key } : { result };
  } catch (error) {
    const { problem } = refusalOf(error, item, { ownDefinition: false, ownNamespace: false });
    return { result: { effect: "kept", why: "whether it may go cannot be told", problem } };
  }
}

/** The judgement of a prune on an object of the inventory. Throws as KubeApi's requests. */
export async function judgeEntry(entry: Entry, context: JudgeContext): Promise<PruneJudgement> {
  const type = await servedType(entry, context);
  return "verdict" in type ? type : judgeObject(entry, type, context);
}

/** What a judgement means for the object, and why. */
export function describeJudgement(judgement: PruneJudgement): {
  readonly effect: Effect;
  readonly why: string;
} {
  switch (judgement.verdict) {
    case "delete":
      return { effect: "pruned", why: "" };
    case "wait":
      return { effect: "pruned", why: judgement.reason };
    case "release":
      return { effect: "released", why: "it was there before Strata: it stays, without Strata's marks" };
    case "drop":
      return judgement.isGone
        ? { effect: "pruned", why: "it is gone already" }
        : { effect: "kept", why: "it is not Strata's any more" };
    case "keep":
    case "unsure":
      return { effect: "kept", why: judgement.reason };
  }
}
