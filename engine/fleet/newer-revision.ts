import type { Approval } from "../repo/locks/approvals.ts";
import { currentRevision, type Revision, versionState } from "../repo/versions/types.ts";
import type { FleetState } from "./fleet-state.ts";

/** A version's current revision, which is not what a cluster runs of it. */
export interface NewerRevision {
  readonly revision: Revision;
  /** It renders other objects or layers, or does not render: an update is pending. One of other comments alone has no effect. */
  readonly hasEffect: boolean;
}

/** The current revision of a version, where a cluster runs another content of it as approved. */
export async function newerRevision(
  { reader, renderer, state }: FleetState,
  approval: Pick<Approval, "profile" | "version" | "tree">,
): Promise<NewerRevision | undefined> {
  const { profile, version, tree } = approval;
  const revision = currentRevision(versionState(state.versions, profile, version));
  if (revision === undefined || revision.tree === tree) return undefined;
  if (revision.content === (await reader.contentOf(tree))) return undefined;
  const defaults = state.snapshot.settings.spec;
  const [now, then] = await Promise.all([
    renderer.digest(profile, tree, defaults),
    renderer.digest(profile, revision.tree, defaults),
  ]);
  return { revision, hasEffect: now === undefined || now !== then };
}
