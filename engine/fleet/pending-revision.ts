import type { Approval } from "../repo/locks/approvals.ts";
import { currentRevision, type Revision, versionState } from "../repo/versions/types.ts";
import type { FleetState } from "./fleet-state.ts";

/**
 * The version's current revision, where a cluster that runs what was approved has a pending update to it: it renders
 * other objects or layers, or does not render. A revision of other comments alone is none.
 */
export async function pendingRevision(
  { reader, renderer, state }: FleetState,
  approval: Pick<Approval, "profile" | "version" | "tree">,
): Promise<Revision | undefined> {
  const { profile, version, tree } = approval;
  const current = currentRevision(versionState(state.versions, profile, version));
  if (current === undefined || current.tree === tree) return undefined;
  if (current.content === (await reader.contentOf(tree))) return undefined;
  const defaults = state.snapshot.settings.spec;
  const [now, then] = await Promise.all([
    renderer.digest(profile, tree, defaults),
    renderer.digest(profile, current.tree, defaults),
  ]);
  return now !== undefined && now === then ? undefined : current;
}
