import type { DiffView } from "../../engine/model/view.ts";
import { diffCluster } from "../../engine/sync/diff-cluster.ts";
import type { CommandContext } from "../context.ts";
import { aimHere } from "./aim-here.ts";
import type { EngineFlags } from "./engine-options.ts";

/** Compares one cluster from this process; changes nothing in it. Throws `cluster-unknown`, `cluster-unreachable`. */
export async function diffHere(context: CommandContext, name: string, flags: EngineFlags): Promise<DiffView> {
  const { commit, aimed, connect } = await aimHere(context, name, flags);
  if ("blockedBy" in aimed)
    return { cluster: name, commit, objects: [], left: [], problems: aimed.blockedBy };
  return diffCluster(await connect(aimed.connection), aimed.desired, context.signal);
}
