import { Engine } from "../../engine/sync/engine.ts";
import type { CommandContext } from "../context.ts";
import { feedEvents } from "../live/feed-events.ts";
import type { Syncing } from "../live/types.ts";
import { clusterConnector } from "./connect-cluster.ts";
import { engineId } from "./engine-id.ts";
import type { EngineFlags } from "./engine-options.ts";

const INTERVAL_MS = 60_000;

/** An engine inside this process for one command, for the clusters named or all. It ends with the command. */
export async function startEngineHere(
  context: CommandContext,
  only: readonly string[] | undefined,
  flags: EngineFlags,
): Promise<Syncing> {
  const { io, printer } = context;
  const repo = await context.repository();
  const engine = new Engine({
    repo,
    id: await engineId(io, repo, context.location),
    connect: clusterConnector(io, flags),
    log: { warn: (_facts, message) => printer.note(message) },
    interval: INTERVAL_MS,
    takeOver: new Set(flags.takeOver),
    ...(only === undefined ? {} : { only: new Set(only) }),
  });
  context.defer(() => engine.close());
  return {
    clusters: async () => engine.fleet(),
    sync: (clusters, { signal }) => engine.sync(clusters, signal),
    events: ({ after, signal }) => feedEvents(engine.events, after, signal),
  };
}
