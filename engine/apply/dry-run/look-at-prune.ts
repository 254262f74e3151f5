import pLimit from "p-limit";
import { ApiError } from "../../cluster/api-error.ts";
import { failureKind } from "../../cluster/failure-kind.ts";
import type { KubeApi } from "../../cluster/types.ts";
import { schemasAmong } from "../../merge/index.ts";
import type { Desired } from "../../model/desired.ts";
import { describeId, objectIdOf, objectKey } from "../../model/kube-object.ts";
import type { LeavingView, PruneView } from "../../model/view.ts";
import { broughtBy } from "../definitions.ts";
import { applySetId } from "../inventory/applyset-id.ts";
import { type ChoiceRules, chooseInventory } from "../inventory/choose.ts";
import { listInventories } from "../inventory/cluster-inventories.ts";
import { foreignInventory } from "../inventory/inventory-errors.ts";
import type { Entry } from "../inventory/model.ts";
import type { Entries } from "../inventory/parts.ts";
import { deletionStep } from "../order.ts";
import { judgeContext, type JudgeContext } from "../prune/judge-object.ts";
import { judgeSet, type LeavingSet, leavingSet } from "../prune/judge-set.ts";
import { isRefused, resolveItem } from "../resolve-item.ts";
import { describeJudgement, judgeEntry, judgingTurns } from "./forecast-prune.ts";

/** Requests at a time. */
const PARALLEL = 8;

export const NOTHING_LEAVES = {
  massDeletion: null,
  stopped: [],
  volumes: [],
  kept: [],
  idWithVolumes: null,
  problems: [],
} as const;

interface LookOptions extends ChoiceRules {
  readonly api: KubeApi;
  readonly signal: AbortSignal;
}

/**
 * What a sync of a desired state would stop before, and what it would keep, as the cluster and its inventory are now.
 * Changes nothing.
 * @throws `inventory-of-another-repository`, and where the cluster cannot be reached
 */
export async function lookAtPrune(desired: Desired, options: LookOptions): Promise<PruneView> {
  const { api, signal } = options;
  const { cluster, commit } = desired;
  const inventories = await listInventories(api, signal);
  const choice = chooseInventory(inventories, desired, options);
  if (choice.kind === "foreign") throw foreignInventory(desired, choice.repository);
  if (choice.kind === "none") return { ...NOTHING_LEAVES, cluster, commit };
  const applySet = applySetId(choice.inventory.parent.name);
  const entries = sorted(choice.inventory.entries);
  const wanted = await wantedKeys(desired, { api, applySet, signal });
  const set = leavingSet(entries, wanted);
  const leaving = [...entries].filter(([key, { uid }]) => !wanted.has(key) && uid !== "");
  const judged = await judgeAll(
    leaving.map(([, entry]) => entry),
    judgeContext({ api, applySet, signal }, inventories, entries, wanted),
  );
  const isStopped = desired.uninstall === undefined && judgeSet(set, desired.prune).state === "stopped";
  const { id, deletes, of } = set;
  return {
    cluster,
    commit,
    massDeletion: isStopped ? { id, deletes, of } : null,
    stopped: isStopped ? set.leaving.map((entry) => viewLeaving(entry, judged.get(entry), desired)) : [],
    volumes: set.volumes.map((entry) => viewKept(entry, judged.get(entry))),
    kept: keptOf(judged, set, isStopped),
    idWithVolumes: set.idWithVolumes ?? null,
    problems: [],
  };
}

/** By layer and object. */
function sorted(entries: Entries): Entries {
  const rank = ({ id, layer }: Entry) => `${layer} ${describeId(id)}`;
  return new Map([...entries].toSorted(([, a], [, b]) => (rank(a) < rank(b) ? -1 : 1)));
}

/** The keys of all that the render has. What the cluster cannot tell the scope of is taken for wanted in either. */
async function wantedKeys(
  desired: Desired,
  context: Pick<JudgeContext, "api" | "applySet" | "signal">,
): Promise<ReadonlySet<string>> {
  const all = desired.steps.flat().flatMap((layer) => layer.objects);
  const objects = all.map(({ object }) => object);
  const resolving = { ...context, layer: "", schemaOf: schemasAmong(objects), ...broughtBy(objects) };
  const keys = await Promise.all(
    all.map(async (one) => {
      const item = await resolveItem(one, resolving);
      if (!isRefused(item)) return [item.key];
      const id = objectIdOf(one.object);
      return [id, { ...id, namespace: id.namespace === "" ? "default" : "" }].map(objectKey);
    }),
  );
  return new Set(keys.flat());
}

type Judged = ReturnType<typeof describeJudgement>;

async function judgeAll(
  entries: readonly Entry[],
  context: JudgeContext,
): Promise<ReadonlyMap<Entry, Judged>> {
  const limit = pLimit(PARALLEL);
  const gone = new Set<string>();
  const judged = new Map<Entry, Judged>();
  for (const turn of judgingTurns(entries, ({ id }) => deletionStep(id))) {
    const results = turn.map((entry) =>
      limit(async () => [entry, await judgeOne(entry, { ...context, leaving: gone })] as const),
    );
    for (const [entry, result] of await Promise.all(results)) {
      judged.set(entry, result);
      if (result.effect === "pruned") gone.add(objectKey(entry.id));
    }
  }
  return judged;
}

async function judgeOne(entry: Entry, context: JudgeContext): Promise<Judged> {
  try {
    return describeJudgement(await judgeEntry(entry, context));
  } catch (error) {
    if (failureKind(error) === "unreachable" || !(error instanceof ApiError)) throw error;
    return { effect: "kept", why: `whether it may go cannot be told: ${error.message}` };
  }
}

/** What stays although it left, but for volumes and what is told among the stopped. */
function keptOf(judged: ReadonlyMap<Entry, Judged>, set: LeavingSet, isStopped: boolean): LeavingView[] {
  const told = new Set([...set.volumes, ...(isStopped ? set.leaving : [])]);
  return [...judged].flatMap(([entry, result]) =>
    result.effect === "kept" && !told.has(entry) ? [viewKept(entry, result)] : [],
  );
}

function viewKept({ id, layer }: Entry, judged: Judged | undefined): LeavingView {
  return { layer, object: describeId(id), why: judged?.why ?? "" };
}

function viewLeaving({ id, layer }: Entry, judged: Judged | undefined, { steps }: Desired): LeavingView {
  const layers = steps.flat();
  const [profile] = layer.split("/");
  const has = layers.some((one) => `${one.profile}/${one.name}` === layer);
  const reason = has
    ? "the layer no longer has it"
    : layers.some((one) => one.profile === profile)
      ? "its layer is gone"
      : "its profile is gone";
  const fate = judged === undefined || judged.why === "" ? "" : `; ${judged.why}`;
  return { layer, object: describeId(id), why: `${layer === "" ? "no layer has it" : reason}${fate}` };
}
