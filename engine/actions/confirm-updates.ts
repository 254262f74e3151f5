import type { FleetState } from "../fleet/fleet-state.ts";
import { deletionByUpdates } from "../fleet/listed-deletion.ts";
import { pendingPlans } from "../fleet/pending-plans.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import { withDeletion } from "../fleet/view-plans.ts";
import { EngineError } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import type { LockEntry } from "../model/lock.ts";
import type { ListedDeletion } from "../model/mass-deletion.ts";
import type { PlanView } from "../model/plan.ts";
import { makePlan, type PlanInput, planId, withDecisions } from "../plan/make-plan.ts";
import { describeResolved } from "../plan/describe-resolved.ts";
import { type Decisions, resolveOverrides } from "../plan/resolve-overrides.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { moveLock } from "../repo/locks/move-lock.ts";
import { lockFile } from "../repo/paths.ts";
import { requireLasting } from "../repo/require.ts";
import type { Repository } from "../repo/repository.ts";
import { tellDeletion } from "./describe-deletion.ts";
import { describeEntry, describeMove } from "./describe-entry.ts";
import { mergedEntry, overrideEdits } from "./override-edits.ts";
import { type Outcome, outcomeLines } from "./outcomes.ts";
import { outdatedPlan } from "./outdated-plan.ts";
import { refuseBroken } from "./refuse-broken.ts";

/** The pending updates of one cluster that a user approves. */
export interface Confirmation extends Decisions {
  readonly cluster: string;
  /** The plans that were looked at; all pending updates where none is named. */
  readonly plans: readonly string[];
}

interface Confirmed {
  readonly edits: ReadonlyMap<string, string | null>;
  readonly inputs: readonly PlanInput[];
  /** The same with what was decided about overrides. */
  readonly decided: readonly PlanInput[];
  /** What the cluster loses by all of them, where it is much. */
  readonly deletion: ListedDeletion | undefined;
  readonly outcomes: readonly Outcome[];
}

/**
 * Approves pending updates, of any number of clusters in one commit: locks move, and overrides become what was decided
 * or edited. Throws `update-none`, `plan-outdated`, `plan-unknown`, `plan-invalid` and what {@link resolveOverrides} throws.
 */
export function confirmUpdates(
  repo: Repository,
  confirmations: readonly Confirmation[],
  options: ChangeOptions,
): Promise<ChangeResult> {
  const renderer = createRenderer(repo.reader);
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const fleet = { reader: repo.reader, renderer, state };
      const confirmed: Confirmed[] = [];
      for (const one of confirmations) confirmed.push(await confirmCluster(fleet, one));
      return changeOf(confirmed);
    },
    options,
  );
}

async function confirmCluster(fleet: FleetState, confirmation: Confirmation): Promise<Confirmed> {
  const { cluster, edited, drop } = confirmation;
  const entry = requireLasting(fleet.state.snapshot, cluster);
  const inputs = await chosenPlans(fleet, confirmation);
  const edits = new Map<string, string | null>();
  const outcomes: Outcome[] = [];
  const decisions: ReadonlyMap<string, readonly KubeObject[]>[] = [];
  const profiles: Record<string, LockEntry> = { ...entry.lock.profiles };
  for (const input of inputs) {
    refuseBroken(input);
    const { profile, version, to } = input;
    const resolved = resolveOverrides(input, { drop, edited });
    const overrides = await fleet.renderer.overrides(entry, profile);
    const changed = overrideEdits({ cluster, profile }, overrides, resolved);
    for (const [path, text] of changed.edits) edits.set(path, text);
    const locked = { version, tree: to.tree, ...(to.revision === null ? {} : { revision: to.revision }) };
    const title = describeMove(profile, entry.lock.profiles[profile], locked);
    decisions.push(resolved);
    outcomes.push({ cluster, profile, title, overrides: describeResolved(input, resolved) });
    profiles[profile] = mergedEntry(locked, changed.remain);
  }
  const decided = inputs.map((input, index) => withDecisions(input, decisions[index] ?? new Map()));
  const deletion = await deletionByUpdates(fleet, entry, decided);
  edits.set(lockFile(cluster), formatLock(moveLock(entry.lock, profiles, deletion?.id)));
  return { edits, inputs, decided, deletion, outcomes: tellDeletion(outcomes, deletion) };
}

async function chosenPlans(
  fleet: FleetState,
  { cluster, plans, drop, edited }: Confirmation,
): Promise<PlanInput[]> {
  const entry = requireLasting(fleet.state.snapshot, cluster);
  const pending = await pendingPlans(fleet, entry);
  const known = new Map(pending.map((input) => [planId(input), input]));
  const missing = plans.find((id) => !known.has(id));
  if (missing !== undefined) throw await outdatedPlan(fleet, entry, missing, [...known.values()]);
  const chosen = pending.filter((input) => plans.length === 0 || plans.includes(planId(input)));
  if (chosen.length === 0) {
    throw new EngineError("update-none", `cluster "${cluster}" has no pending update`, {
      hint: "`strata updates` lists those that there are",
    });
  }
  if (chosen.length > 1 && (drop.length > 0 || edited.size > 0)) {
    throw new EngineError("plan-ambiguous", `cluster "${cluster}" has ${chosen.length} pending updates`, {
      hint: `decide one after another: --plan ${chosen.map((input) => `${planId(input)} (${input.profile})`).join(", ")}`,
    });
  }
  return chosen;
}

function changeOf(confirmed: readonly Confirmed[]): Change {
  const inputs = confirmed.flatMap((one) => one.inputs);
  const clusters = [...new Set(inputs.map(({ cluster }) => cluster))];
  const plans = [...new Set(inputs.map(planId))];
  const targets = [...new Set(inputs.map(describeTarget))];
  const outcomes = confirmed.flatMap((one) => one.outcomes);
  const where = clusters.length === 1 ? (clusters[0] ?? "") : `${clusters.length} clusters`;
  return {
    edits: new Map(confirmed.flatMap((one) => [...one.edits])),
    subject: `Update ${where} to ${targets.length === 1 ? (targets[0] ?? "") : `${targets.length} new revisions`}`,
    body: outcomeLines(outcomes).join("\n"),
    trailers: [
      ...clusters.slice(0, 50).map((cluster) => ["Strata-Cluster", cluster] as const),
      ...targets.slice(0, 50).map((target) => ["Strata-Profile", target.split(" ")[0] ?? target] as const),
      ...plans.slice(0, 50).map((plan) => ["Strata-Plan", plan] as const),
    ],
    clusters,
    // Of many clusters a summary is shown
    plans: () => (clusters.length === 1 ? confirmed.flatMap(decidedPlans) : []),
    // Of many clusters the summary before has said it
    notes: clusters.length === 1 ? outcomes.flatMap(({ overrides }) => overrides.map((one) => one.text)) : [],
  };
}

function decidedPlans({ inputs, decided, deletion }: Confirmed): PlanView[] {
  const [only, ...others] = decided.map((plan, index) => ({
    ...makePlan(plan),
    plan: planId(inputs[index] ?? plan),
  }));
  if (only === undefined) return [];
  // What several delete together is no matter of one: a note says it
  return others.length > 0 ? [only, ...others] : [withDeletion(only, deletion)];
}

function describeTarget({ profile, version, to }: PlanInput): string {
  return describeEntry(profile, {
    version,
    tree: to.tree,
    ...(to.revision === null ? {} : { revision: to.revision }),
  });
}
