import { failureKind } from "../cluster/failure-kind.ts";
import type { ApplyResult } from "../cluster/types.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { ApplyContext } from "./apply-object.ts";
import { letGoPatch } from "./drift/let-go.ts";
import { bodyBeside, type InitialValues } from "./initial-values.ts";
import { resourceVersionOf, uidOf } from "./ownership.ts";
import type { Item, Variant } from "./plan-apply.ts";

/** A request that names a resourceVersion loses against writers of the same time. */
const ATTEMPTS = 3;

/**
 * Applies an object some of whose values are set when it is made and never again. Where it is there, it is sent its own
 * values for them, and only while nobody writes; afterwards they are let go of, so that nobody else meets a conflict.
 * Where it is not, it is made, and not taken from whoever makes it at the same time. A stop in between leaves values
 * ours that the next apply lets go of.
 * @throws as KubeApi's requests
 */
export async function applyWithInitial(
  item: Item,
  initial: InitialValues,
  variant: Variant,
  context: ApplyContext,
): Promise<ApplyResult> {
  const { object, created } = await sendWhileQuiet(item, initial, variant, context);
  return { object: await letGo(item, object, initial, context), created };
}

async function sendWhileQuiet(
  item: Item,
  initial: InitialValues,
  variant: Variant,
  context: ApplyContext,
): Promise<ApplyResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(item, initial, variant, context);
    } catch (error) {
      if (failureKind(error) !== "conflict" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function send(
  item: Item,
  initial: InitialValues,
  variant: Variant,
  { api, type, signal }: ApplyContext,
): Promise<ApplyResult> {
  const live = await api.get(type, item.id, signal);
  if (live === undefined) return api.apply(type, initial.body, { force: false }, signal);
  const body = bodyBeside(item, variant, live);
  const metadata = { ...body.metadata, uid: uidOf(live), resourceVersion: resourceVersionOf(live) };
  return api.apply(type, { ...body, metadata }, { force: true }, signal);
}

async function letGo(
  item: Item,
  applied: KubeObject,
  { paths }: InitialValues,
  { api, type, signal }: ApplyContext,
): Promise<KubeObject> {
  let object = applied;
  for (let attempt = 1; ; attempt += 1) {
    const steps = letGoPatch(object, paths);
    if (steps.length === 0) return object;
    try {
      return await api.jsonPatch(type, item.id, steps, signal);
    } catch (error) {
      if (failureKind(error) !== "conflict" || attempt === ATTEMPTS) throw error;
    }
    const newest = await api.get(type, item.id, signal);
    if (newest === undefined) return object;
    object = newest;
  }
}
