import type { DriftNotice } from "../apply/drift/notice.ts";
import { describeProblem, type Problem } from "../model/errors.ts";
import type { ClusterLive } from "../model/status.ts";
import type { NewEvent } from "./event-log.ts";

/** What happened between two live states of a cluster, as events. */
export function liveEvents(cluster: string, before: ClusterLive, now: ClusterLive): NewEvent[] {
  const events: NewEvent[] = [];
  for (const layer of now.layers) {
    const old = before.layers.find((one) => one.profile === layer.profile && one.name === layer.name);
    if (old?.state === layer.state && old.message === layer.message) continue;
    const message = layer.message === "" ? `${layer.profile}/${layer.name} is ${layer.state}` : layer.message;
    events.push({
      type: "layer",
      cluster,
      profile: layer.profile,
      layer: layer.name,
      state: layer.state,
      message,
    });
  }
  for (const problem of now.blockedBy) {
    if (before.blockedBy.some((known) => isSame(known, problem))) continue;
    events.push({ cluster, ...problemEvent(problem) });
  }
  const sync = now.lastSync;
  if (sync?.finishedAt !== undefined && sync.finishedAt !== before.lastSync?.finishedAt) {
    events.push({
      type: "sync-finished",
      cluster,
      commit: sync.commit,
      message: `${cluster} has what ${sync.commit.slice(0, 12)} says`,
    });
  }
  if (before.health !== now.health) {
    const message =
      now.message === "" ? `${cluster} is ${now.health}` : `${cluster} is ${now.health}: ${now.message}`;
    events.push({ type: "health", cluster, state: now.health, message });
  }
  return events;
}

function isSame(a: Problem, b: Problem): boolean {
  return a.code === b.code && a.message === b.message && a.object === b.object;
}

export function startedEvent(cluster: string, commit: string | null): NewEvent {
  const message = `syncing ${cluster}`;
  return { type: "sync-started", cluster, ...(commit === null ? {} : { commit }), message };
}

/** Something that is wrong, with where and what to do, as an event. */
export function problemEvent(problem: Problem): NewEvent {
  const { object, file, hint } = problem;
  return {
    type: "problem",
    message: describeProblem(problem),
    ...(object === undefined ? {} : { object }),
    ...(file === undefined ? {} : { file }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** What was done about a change that someone made in a cluster, as an event. */
export function driftEvent(cluster: string, notice: DriftNotice): NewEvent {
  const { state, object, fields, managers, message } = notice;
  const [profile = "", layer = ""] = notice.layer.split("/");
  const about = { cluster, profile, layer, object, fields, managers, message };
  if (state === "contested" || state === "adopted") return { type: state, ...about };
  return { type: "drift", state, ...about };
}
