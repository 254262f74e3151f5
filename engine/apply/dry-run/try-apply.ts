import type { ResourceType } from "../../cluster/types.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import type { ObjectEffect } from "../../model/plan.ts";
import {
  type ApplyContext,
  claim,
  isImmutable,
  isOwnFinishedJob,
  type Refused,
  refusalOf,
} from "../apply-object.ts";
import { isReleasedBy } from "../inventory/choose.ts";
import { bodyBeside, creationBody } from "../initial-values.ts";
import type { Item } from "../plan-apply.ts";
import { isRefused, resolveItem, resolveType } from "../resolve-item.ts";
import type { Trial, TriedEffect } from "./trial.ts";

/**
 * What a cluster says to an object that a plan creates or changes.
 * @throws where the cluster cannot be reached
 */
export async function tryApply(one: ObjectEffect, trial: Trial): Promise<TriedEffect> {
  const { api, defined, ownNamespaces, signal } = trial;
  const layer = `${trial.profile}/${one.layer}`;
  const item = await resolveItem(one, { ...trial, layer });
  if (isRefused(item)) return refused(one, item);
  const type = await resolveType(item, trial);
  if (isRefused(type)) return refused(one, type);
  const context: ApplyContext = {
    api,
    type,
    applySet: trial.applySet,
    ownDefinition: defined.some(({ group, kind }) => group === type.group && kind === type.kind),
    ownNamespace: ownNamespaces.has(item.id.namespace),
    isReleased: async (applySet, { key }) => isReleasedBy(trial.inventories, applySet, key),
    signal,
  };
  try {
    return await ask(one, item, type, context, trial);
  } catch (error) {
    return refused(one, refusalOf(error, item, context));
  }
}

async function ask(
  one: ObjectEffect,
  item: Item,
  type: ResourceType,
  context: ApplyContext,
  trial: Trial,
): Promise<TriedEffect> {
  const { api, signal } = context;
  const live = await api.get(type, item.id, signal);
  const entry = trial.entries.get(item.key);
  const claimed = await claim(item, live, entry, context);
  if ("problem" in claimed) return refused(one, claimed);
  const { before, adopting } = claimed;
  const variant = { ...entry, adopted: before?.adopted ?? false };
  const body = live === undefined ? creationBody(item) : bodyBeside(item, variant, live);
  try {
    await api.apply(type, body, { force: true, dryRun: true }, signal);
  } catch (error) {
    if (isImmutable(error) && live !== undefined && isOwnFinishedJob(item, live, context.applySet))
      return { effect: "replaced", why: "the finished Job is deleted and made again" };
    throw error;
  }
  if (adopting) return { effect: "adopted", why: "it is in the cluster already and is taken over" };
  return describe(one, live);
}

function describe({ effect, why }: ObjectEffect, live: KubeObject | undefined): TriedEffect {
  if (live === undefined && effect !== "created")
    return { effect: "created", why: "it is not in the cluster" };
  if (live !== undefined && effect === "created")
    return { effect: "changed", why: "it is in the cluster already" };
  return { effect, why };
}

function refused({ effect }: ObjectEffect, { state, problem }: Refused): TriedEffect {
  if (state === "wrong") return { effect, why: "", problem };
  return { effect, why: `cannot be tried before: ${problem.message}` };
}
