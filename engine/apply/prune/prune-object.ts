import { ApiError } from "../../cluster/api-error.ts";
import { failureKind } from "../../cluster/failure-kind.ts";
import { retryAfter } from "../../cluster/retry-after.ts";
import type { ResourceType } from "../../cluster/types.ts";
import type { Problem } from "../../model/errors.ts";
import { describeId, type KubeObject } from "../../model/kube-object.ts";
import type { Entry } from "../inventory/model.ts";
import { resourceVersionOf, uidOf } from "../ownership.ts";
import { problemOf } from "../problem-of.ts";
import {
  describeTermination,
  isOurs,
  type JudgeContext,
  judgeObject,
  type PruneJudgement,
  servedType,
  type Standing,
} from "./judge-object.ts";
import { releasePatch } from "./release.ts";

/**
 * What became of an object that the render no longer has.
 * - `deleted`, `released`, `dropped` (it was gone, or is not ours): it leaves the inventory.
 * - `kept`: it stays, for the reason told, and is tried again at the next sync.
 * - `waiting`: it is on its way; look again.
 * - `unsure`: the cluster could not tell whether it may go. That may pass soon (a definition that is just going makes
 *   discovery stale).
 * - `refused`: the cluster does not let us.
 */
export type PruneOutcome =
  | { readonly state: "deleted" | "released" | "dropped" }
  | {
      readonly state: "kept" | "waiting" | "unsure" | "refused";
      readonly problem: Problem;
      /** So long the server asked to be left alone; left out: it did not. */
      readonly retryAfterMs?: number;
    };

/** Times that a delete or a release is planned anew because the object changed in between. */
const ATTEMPTS = 4;

/** Why an object that leaves is still there, where another engine has the turn. */
const ANOTHER_TURN = "another engine has the turn in this cluster";

/**
 * Deletes or releases one object, on proof that it is ours.
 * @param claim asked right before anything is done, be it to the inventory alone: whether it is this engine's turn
 * @throws where the cluster cannot be reached, and the signal's reason
 */
export async function pruneObject(
  entry: Entry,
  context: JudgeContext,
  claim: (signal: AbortSignal) => Promise<boolean>,
): Promise<PruneOutcome> {
  const type = await servedType(entry, context);
  if ("verdict" in type) {
    const goes = type.verdict !== "drop" || (await claim(context.signal));
    return goes ? settle(entry, type) : waiting(entry, ANOTHER_TURN);
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const judgement = await judgeObject(entry, type, context);
      const isChange = ["delete", "release", "drop"].includes(judgement.verdict);
      if (isChange && !(await claim(context.signal))) return waiting(entry, ANOTHER_TURN);
      return await carryOut(entry, type, judgement, context);
    } catch (error) {
      const kind = failureKind(error);
      if (kind === "unreachable" || !(error instanceof ApiError)) throw error;
      if (kind === "conflict" && attempt < ATTEMPTS) continue;
      const state = kind === "wrong" ? "refused" : "waiting";
      return { state, problem: problemOf(error, entry.id, {}), retryAfterMs: retryAfter(error) };
    }
  }
}

/**
 * Lets go of an object that stays where its inventory goes: whoever comes next finds it without a mark of ours. One
 * whose kind cannot be told is left as it is.
 * @throws where the cluster cannot be reached or refuses, and the signal's reason
 */
export async function letGo(entry: Entry, context: JudgeContext): Promise<void> {
  const type = await servedType(entry, context);
  if ("verdict" in type) return;
  for (let attempt = 1; ; attempt += 1) {
    const object = await context.api.get(type, entry.id, context.signal);
    if (object === undefined || !isOurs(object, entry, context)) return;
    try {
      await context.api.jsonPatch(type, entry.id, releasePatch(object), context.signal);
      return;
    } catch (error) {
      if (failureKind(error) !== "conflict" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function carryOut(
  entry: Entry,
  type: ResourceType,
  judgement: PruneJudgement,
  context: JudgeContext,
): Promise<PruneOutcome> {
  switch (judgement.verdict) {
    case "release":
      await context.api.jsonPatch(type, entry.id, releasePatch(judgement.object), context.signal);
      return { state: "released" };
    case "delete":
      return remove(entry, type, judgement.object, context);
    default:
      return settle(entry, judgement);
  }
}

function settle(entry: Entry, judgement: Standing): PruneOutcome {
  switch (judgement.verdict) {
    case "drop":
      return { state: "dropped" };
    case "wait":
      return waiting(entry, judgement.reason);
    case "keep":
      return { state: "kept", problem: keptProblem(entry, judgement) };
    case "unsure":
      return { state: "unsure", problem: keptProblem(entry, judgement) };
  }
}

async function remove(
  entry: Entry,
  type: ResourceType,
  object: KubeObject,
  { api, signal }: JudgeContext,
): Promise<PruneOutcome> {
  const uid = uidOf(object);
  const preconditions = { uid, resourceVersion: resourceVersionOf(object) };
  const answer = await api.delete(
    type,
    entry.id,
    { ...preconditions, propagationPolicy: "Background" },
    signal,
  );
  if (answer === "absent") return { state: "deleted" };
  const left = await api.get(type, entry.id, signal);
  if (left === undefined || uidOf(left) !== uid) return { state: "deleted" };
  return waiting(entry, describeTermination(left));
}

function keptProblem(entry: Entry, { code, reason }: { code: string; reason: string }): Problem {
  const message = `it left the profiles and was kept: ${reason}`;
  const hint =
    code === "kept-volume"
      ? "`strata cluster prune` with `--protected` lets it go, data and all; until then the inventory keeps it in mind"
      : "delete it by hand where it is no longer needed; until then the inventory keeps it in mind";
  return { code, message, hint, object: describeId(entry.id), severity: "warning" };
}

function waiting(entry: Entry, reason: string): PruneOutcome {
  const problem = {
    code: "prune-waiting",
    message: reason,
    object: describeId(entry.id),
    severity: "warning",
  } as const;
  return { state: "waiting", problem };
}
