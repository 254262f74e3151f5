import { leftoverLines } from "../engine/actions/leftovers.ts";
import { EngineError } from "../engine/model/errors.ts";
import type { ClusterView } from "../engine/model/view.ts";
import type { CommandContext } from "./context.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import type { Syncing } from "./live/types.ts";
import { createCrowdProgress } from "./output/crowd-progress.ts";
import { createProgress, type Progress } from "./output/progress.ts";
import { unsettled } from "./unsettled.ts";

/** How long the clusters may take to tell what holds them up, in milliseconds. */
const LOOK_MS = 10_000;

/** So many clusters are shown layer by layer; more are counted. */
const FEW = 5;

/**
 * One sync pass, with its progress on stderr, until the clusters are settled, at most `timeout` milliseconds.
 * Throws `sync-timeout`, with what holds them up.
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
  const chosen = new Set(clusters);
  const isChosen = (name: string) => clusters === undefined || chosen.has(name);
  const look = async (until: AbortSignal) =>
    (await live.clusters(AbortSignal.any([context.signal, until]))).filter(({ name }) => isChosen(name));
  const following = follow(live, progress, isChosen, signal);
  try {
    for (const view of await look(deadline)) progress.begin(view);
    const views = await live.sync(clusters, {
      signal: AbortSignal.any([context.signal, deadline]),
      timeout: timeout + 1_000,
    });
    for (const view of views) settle(progress, view);
    return views;
  } catch (error) {
    if (!deadline.aborted || context.signal.aborted) throw error;
    throw new EngineError(
      "sync-timeout",
      "the clusters were not settled in time; the engine goes on by itself",
      {
        hint: "look again with `strata status`, or wait longer with --timeout",
        problems: unsettled(await look(AbortSignal.timeout(LOOK_MS))),
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

/** Failed where a cluster is not healthy, or is deleted and not all of it is uninstalled. */
export function exitCodeOf(views: readonly ClusterView[]): ExitCode | undefined {
  const isWell = ({ health, leftovers }: ClusterView) =>
    health === "healthy" || (health === "deleted" && leftovers?.left.length === 0);
  return views.every(isWell) ? undefined : EXIT_CODES.failed;
}

function settle(progress: Progress, view: ClusterView): void {
  progress.settle(view);
  if (view.health !== "deleted" || view.leftovers === undefined) return;
  for (const line of leftoverLines(view.leftovers)) progress.remark(line);
}

/** Feeds events to the display. Events are its colour, not its result: losing them ends nothing. */
async function follow(
  live: Syncing,
  progress: Progress,
  isChosen: (cluster: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of live.events({ signal })) {
      if (event.cluster !== undefined && isChosen(event.cluster)) progress.show(event);
    }
  } catch (error) {
    if (!signal.aborted) progress.remark(error instanceof Error ? error.message : String(error));
  }
}
