import { lookAtPrune, NOTHING_LEAVES } from "../../engine/apply/dry-run/look-at-prune.ts";
import type { PruneView } from "../../engine/model/view.ts";
import type { CommandContext } from "../context.ts";
import { aimHere } from "./aim-here.ts";
import type { EngineFlags } from "./engine-options.ts";

/**
 * What a sync of one cluster would stop before, and keep, asked from this process. Throws `cluster-unknown`,
 * `cluster-unreachable`.
 */
export async function pruneHere(
  context: CommandContext,
  name: string,
  flags: EngineFlags,
): Promise<PruneView> {
  const { commit, aimed, clusters, connect } = await aimHere(context, name, flags);
  if ("blockedBy" in aimed) return { ...NOTHING_LEAVES, cluster: name, commit, problems: aimed.blockedBy };
  return lookAtPrune(aimed.desired, {
    api: await connect(aimed.connection),
    isDirectory: (one) => clusters.has(one),
    takesOver: flags.takeOver.includes(name),
    signal: context.signal,
  });
}
