import type { Desired } from "../model/desired.ts";
import { describeProblem, type Problem } from "../model/errors.ts";
import type { ClusterHealth, ClusterLive, LastSync, LayerStatus } from "../model/status.ts";
import { stoppedProblem } from "./prune/stopped-problem.ts";
import type { SyncRun } from "./run.ts";
import type { Trouble } from "./trouble.ts";

export interface LiveSources {
  /** Of the sync that is on its way, or was last; undefined before the first. */
  readonly desired: Desired | undefined;
  /** Undefined until the cluster answered. */
  readonly run:
    | Pick<SyncRun, "layers" | "leftovers" | "massDeletion" | "pruneProblems" | "isApplied" | "isGone">
    | undefined;
  readonly trouble: Trouble | undefined;
  /** Who has the turn, where another engine has it and there is something to do. */
  readonly holder: Problem | undefined;
  readonly urls: readonly string[];
  readonly lastSync?: LastSync;
}

/** The live state of a cluster as others see it. */
export function clusterLive({ desired, run, trouble, holder, urls, lastSync }: LiveSources): ClusterLive {
  const layers = run?.layers ?? pendingLayers(desired);
  const isDeleting = desired?.uninstall !== undefined;
  // The health of a cluster that is being deleted does not tell that it cannot be reached
  const isHeldUp = trouble?.kind === "blocked" || (isDeleting && trouble?.kind === "unreachable");
  const blocked = trouble !== undefined && isHeldUp ? [trouble.problem] : [];
  const leftovers = run?.leftovers;
  const massDeletion = run?.massDeletion;
  const stopped = massDeletion === undefined ? [] : [stoppedProblem(desired?.cluster ?? "", massDeletion)];
  const message = isDeleting ? uninstallMessage(layers, run) : (stopped[0]?.message ?? layersMessage(layers));
  return {
    health: healthOf(layers, run, trouble, desired),
    message: (trouble?.problem ?? holder)?.message ?? message,
    layers,
    urls: [...new Set(urls)].toSorted(),
    ...(run?.isGone === true ? { uninstalled: true as const } : {}),
    ...(leftovers === undefined ? {} : { leftovers }),
    ...(massDeletion === undefined ? {} : { massDeletion }),
    ...(lastSync === undefined ? {} : { lastSync }),
    blockedBy: [...blocked, ...stopped, ...(run?.pruneProblems ?? [])],
  };
}

function layersMessage(layers: readonly LayerStatus[]): string {
  const worst =
    layers.find(({ state }) => state === "failed") ?? layers.find(({ state }) => state !== "healthy");
  const shown = worst ?? layers.find(({ problems }) => problems.some(({ code }) => code === "contested"));
  return shown === undefined ? "" : describeLayer(shown);
}

/** The layer that is being taken now, by what holds it up; or what belongs to no known layer and is. */
function uninstallMessage(layers: readonly LayerStatus[], run: LiveSources["run"]): string {
  if (run?.isGone === true) return "all is uninstalled; its directory goes next";
  const turn = layers.filter(({ state }) => state === "waiting");
  const shown = turn.find(({ problems }) => problems.length > 0) ?? turn[0];
  if (shown !== undefined) return describeLayer(shown);
  const blocker = run?.pruneProblems.find(({ code }) => code === "prune-waiting");
  return blocker === undefined ? "" : describeProblem(blocker);
}

function describeLayer({ profile, name, message, state }: LayerStatus): string {
  return `${profile}/${name}: ${message || state}`;
}

function healthOf(
  layers: readonly LayerStatus[],
  run: LiveSources["run"],
  trouble: Trouble | undefined,
  desired: Desired | undefined,
): ClusterHealth {
  if (desired === undefined) return "unknown";
  if (desired.uninstall !== undefined) return "deleting";
  if (trouble?.kind === "unreachable") return "unreachable";
  if (trouble?.kind === "blocked" || layers.some(({ state }) => state === "failed")) return "degraded";
  if (run?.massDeletion !== undefined) return "degraded";
  return run?.isApplied === true && layers.every(({ state }) => state === "healthy")
    ? "healthy"
    : "progressing";
}

function pendingLayers(desired: Desired | undefined): readonly LayerStatus[] {
  return (desired?.uninstall ?? desired?.steps.flat() ?? []).map(({ profile, name, type }) => {
    return { profile, name, type, state: "pending", message: "", problems: [] };
  });
}
