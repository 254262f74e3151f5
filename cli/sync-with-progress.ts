import { EngineError } from "../engine/model/errors.ts";
import type { ClusterView } from "../engine/model/view.ts";
import type { CommandContext } from "./context.ts";
import type { Syncing } from "./live/types.ts";
import { createCrowdProgress } from "./output/crowd-progress.ts";
import { createProgress, type Progress } from "./output/progress.ts";

/** So many clusters are shown layer by layer; more are counted. */
const FEW = 5;

/**
 * One sync pass, with its progress on stderr, until the clusters are settled, at most `timeout` milliseconds.
 * Throws `sync-timeout`.
 */
export async function syncWithProgress(
  context: CommandContext,
  live: Syncing,
  clusters: readonly string[] | undefined,
  timeout: number,
): Promise<readonly ClusterView[]> {
  const progress = await chooseProgress(context, clusters);
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  const deadline = AbortSignal.timeout(timeout);
  const following = follow(live, progress, new Set(clusters), signal);
  try {
    const views = await live.sync(clusters, {
      signal: AbortSignal.any([context.signal, deadline]),
      timeout: timeout + 1_000,
    });
    for (const view of views) progress.settle(view);
    return views;
  } catch (error) {
    if (!deadline.aborted || context.signal.aborted) throw error;
    throw new EngineError(
      "sync-timeout",
      "the clusters were not settled in time; the engine goes on by itself",
      {
        hint: "look again with `strata status`, or wait longer with --timeout",
      },
    );
  } finally {
    done.abort();
    await following;
    progress.end();
  }
}

async function chooseProgress(
  context: CommandContext,
  clusters: readonly string[] | undefined,
): Promise<Progress> {
  const { io, printer, signal } = context;
  const count = clusters?.length ?? (await (await context.repository()).load(signal)).snapshot.clusters.size;
  return count <= FEW
    ? createProgress(io.stderr, printer.errorStyle)
    : createCrowdProgress(io.stderr, printer.errorStyle, count);
}

/** Feeds events to the display. Events are its colour, not its result: losing them ends nothing. */
async function follow(
  live: Syncing,
  progress: Progress,
  clusters: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of live.events({ signal })) {
      if (event.cluster !== undefined && (clusters.size === 0 || clusters.has(event.cluster)))
        progress.show(event);
    }
  } catch (error) {
    if (!signal.aborted) progress.remark(error instanceof Error ? error.message : String(error));
  }
}
