import { EngineError } from "../engine/model/errors.ts";
import type { ClusterView } from "../engine/model/view.ts";
import type { CommandContext } from "./context.ts";
import type { Syncing } from "./live/types.ts";
import { createProgress, type Progress } from "./output/progress.ts";

/**
 * One sync pass with a line per layer on stderr until the clusters are settled, at most `timeout` milliseconds.
 * Throws `sync-timeout`.
 */
export async function syncWithProgress(
  context: CommandContext,
  live: Syncing,
  clusters: readonly string[] | undefined,
  timeout: number,
): Promise<readonly ClusterView[]> {
  const progress = createProgress(context.io.stderr, context.printer.errorStyle);
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

/** Feeds layer events to the display. Events are its colour, not its result: losing them ends nothing. */
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
