import { findDeletion } from "../fleet/find-deletion.ts";
import type { FleetState } from "../fleet/fleet-state.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import { EngineError } from "../model/errors.ts";
import { describeId } from "../model/kube-object.ts";
import type { LeavingView, PruneView } from "../model/view.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { lockFile } from "../repo/paths.ts";
import { requireLasting } from "../repo/require.ts";
import type { Repository } from "../repo/repository.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import { plainLine } from "./outcomes.ts";

export interface PruneApproval {
  readonly cluster: string;
  /** The id that the user looked at. */
  readonly plan: string;
  /** Whether kept volumes are to go too. */
  readonly volumes: boolean;
  /** What would go now, as the cluster was just asked. */
  readonly now: PruneView;
}

/** So many objects stand in the commit. */
const MOST = 200;

/**
 * Approves what a sync stopped before, or that kept volumes go too: the cluster's lock names the id. Throws
 * `plan-outdated` where that is not what would go now.
 */
export function approvePrune(
  repo: Repository,
  approval: PruneApproval,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { cluster, plan, volumes, now } = approval;
  const renderer = createRenderer(repo.reader);
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const entry = requireLasting(state.snapshot, cluster);
      const clusters = [cluster];
      if (entry.lock.prune === plan)
        return { edits: new Map(), subject: `Plan ${plan} is approved already`, trailers: [], clusters };
      if (plan !== currentId(now, volumes))
        throw await outdated({ reader: repo.reader, renderer, state }, entry, approval);
      const text = formatLock({ ...entry.lock, prune: plan });
      const lines = objectsOf(now, volumes).map(({ object }) => `- ${plainLine(object)}`);
      const rest = lines.length > MOST ? [`and ${lines.length - MOST} more`] : [];
      return {
        edits: new Map([[lockFile(cluster), text]]),
        subject: `Let ${describeGoing(now, volumes)} go from ${cluster}`,
        body: [...lines.slice(0, MOST), ...rest].join("\n"),
        trailers: [
          ["Strata-Cluster", cluster],
          ["Strata-Plan", plan],
        ],
        clusters,
      };
    },
    options,
  );
}

/** The id under which what waits may go; undefined where nothing does. */
function currentId({ massDeletion, idWithVolumes }: PruneView, volumes: boolean): string | undefined {
  return (volumes ? idWithVolumes : massDeletion?.id) ?? undefined;
}

function objectsOf({ stopped, volumes: kept }: PruneView, volumes: boolean): readonly LeavingView[] {
  return volumes ? [...stopped, ...kept] : stopped;
}

function describeGoing({ massDeletion, volumes: kept }: PruneView, volumes: boolean): string {
  const objects = massDeletion === null ? [] : [`${massDeletion.deletes} of ${massDeletion.of} objects`];
  const data = volumes ? [`${kept.length} kept ${kept.length === 1 ? "volume" : "volumes"}`] : [];
  return [...objects, ...data].join(" and ");
}

/** That an id does not fit: with what changed, where main's history tells what it stood for. */
async function outdated(
  fleet: FleetState,
  entry: ClusterEntry,
  { cluster, plan, volumes, now }: PruneApproval,
): Promise<EngineError> {
  const plain = `strata cluster prune ${cluster}`;
  const command = volumes ? `${plain} --protected` : plain;
  const current = currentId(now, volumes);
  if (plan === now.idWithVolumes)
    return new EngineError("plan-outdated", `plan ${plan} also takes the kept volumes`, {
      hint: `say so with \`${plain} --protected --plan ${plan}\`; nothing was changed`,
      data: { current },
    });
  if (volumes && plan === now.massDeletion?.id)
    return new EngineError("plan-outdated", `plan ${plan} takes no kept volumes`, {
      hint: `leave out --protected, or look with \`${command}\`; nothing was changed`,
      data: { current: current ?? null },
    });
  if (current === undefined) {
    const kept = volumes ? "no volume is kept" : "nothing is stopped";
    return new EngineError(
      "plan-outdated",
      `plan ${plan} is no longer current: ${kept} in "${cluster}" now`,
      {
        hint: `\`${command}\` shows what there is; nothing was changed`,
        data: { current: null },
      },
    );
  }
  const changed = await differences(fleet, entry, plan, objectsOf(now, volumes));
  const why = changed.length === 0 ? "" : `: ${changed.join("; ")}`;
  const message = `plan ${plan} is no longer current${why}; now it is ${current}: ${describeGoing(now, volumes)}`;
  return new EngineError("plan-outdated", message, {
    hint: `look at it again with \`${command}\`; nothing was changed`,
    data: { changed, current },
  });
}

/** What goes now and did not by a plan, and the other way round. */
async function differences(
  fleet: FleetState,
  entry: ClusterEntry,
  plan: string,
  now: readonly LeavingView[],
): Promise<string[]> {
  const then = await findDeletion(fleet, entry, plan);
  if (then === undefined) return [];
  const before = new Set(then.map(describeId).map(withoutDefault));
  const after = new Set(now.map(({ object }) => withoutDefault(object)));
  return [
    ...[...after].filter((object) => !before.has(object)).map((object) => `${object} would go too`),
    ...[...before].filter((object) => !after.has(object)).map((object) => `${object} would not go`),
  ];
}

/** A render need not write the namespace `default`. */
function withoutDefault(object: string): string {
  return object.replace(" default/", " ");
}
