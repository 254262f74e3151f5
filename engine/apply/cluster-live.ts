import type { Desired } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import type { ClusterHealth, ClusterLive, LastSync, LayerStatus } from "../model/status.ts";
import type { SyncRun } from "./run.ts";

/** Why a sync as a whole cannot go on for now. */
export interface Trouble {
  readonly kind: "unreachable" | "passing" | "blocked";
  readonly problem: Problem;
}

export interface LiveSources {
  /** Of the sync that is on its way, or was last; undefined before the first. */
  readonly desired: Desired | undefined;
  /** Undefined until the cluster answered. */
  readonly run: Pick<SyncRun, "layers" | "pruneProblems" | "isApplied" | "isGone"> | undefined;
  readonly trouble: Trouble | undefined;
  readonly urls: readonly string[];
  readonly lastSync?: LastSync;
}

/** The live state of a cluster as others see it. */
export function clusterLive({ desired, run, trouble, urls, lastSync }: LiveSources): ClusterLive {
  const layers = run?.layers ?? pendingLayers(desired);
  const worst =
    layers.find(({ state }) => state === "failed") ?? layers.find(({ state }) => state !== "healthy");
  const shown = worst ?? layers.find(({ problems }) => problems.some(({ code }) => code === "contested"));
  const blocked = trouble?.kind === "blocked" ? [trouble.problem] : [];
  return {
    health: healthOf(layers, run?.isApplied ?? false, trouble, desired),
    message:
      trouble?.problem.message ??
      (shown === undefined ? "" : `${shown.profile}/${shown.name}: ${shown.message || shown.state}`),
    layers,
    urls: [...new Set(urls)].toSorted(),
    ...(run?.isGone === true ? { uninstalled: true as const } : {}),
    ...(lastSync === undefined ? {} : { lastSync }),
    blockedBy: [...blocked, ...(run?.pruneProblems ?? [])],
  };
}

function healthOf(
  layers: readonly LayerStatus[],
  applied: boolean,
  trouble: Trouble | undefined,
  desired: Desired | undefined,
): ClusterHealth {
  if (desired === undefined) return "unknown";
  if (desired.uninstall !== undefined) return "deleting";
  if (trouble?.kind === "unreachable") return "unreachable";
  if (trouble?.kind === "blocked" || layers.some(({ state }) => state === "failed")) return "degraded";
  return applied && layers.every(({ state }) => state === "healthy") ? "healthy" : "progressing";
}

function pendingLayers(desired: Desired | undefined): readonly LayerStatus[] {
  return (desired?.steps ?? []).flat().map(({ profile, name, type }) => {
    return { profile, name, type, state: "pending", message: "", problems: [] };
  });
}
