import { profileDir } from "../repo/paths.ts";
import { safePatch } from "../repo/safe-patch.ts";
import type { StateReader, RepoState } from "../repo/state.ts";
import { requireRevision, requireVersion } from "../repo/require.ts";
import { type Revision, versionState } from "../repo/versions/types.ts";

export interface VersionPoint {
  readonly profile: string;
  readonly version: string;
  readonly revision?: number | undefined;
}

/** The unified diff from one version or revision to another, also of deleted ones and of two profiles. Throws `version-unknown`, `revision-unknown`. */
export async function diffPoints(
  reader: StateReader,
  state: RepoState,
  from: VersionPoint,
  to: VersionPoint,
): Promise<string> {
  const wrap = async (point: VersionPoint) => {
    const inner = await reader.git.writeTree([
      { mode: "040000", path: to.profile, oid: findRevision(state, point).tree },
    ]);
    return reader.git.writeTree([{ mode: "040000", path: "profiles", oid: inner }]);
  };
  return safePatch(reader.git, await wrap(from), await wrap(to), [profileDir(to.profile)]);
}

function findRevision(state: RepoState, point: VersionPoint): Revision {
  const known = versionState(state.versions, point.profile, point.version);
  if (known !== undefined && point.revision !== undefined) return requireRevision(known, point.revision);
  return requireVersion(state, point.profile, point.version).current;
}
