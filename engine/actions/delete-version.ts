import { EngineError } from "../model/errors.ts";
import type { AskedRevision, Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { profileDir } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import { currentRevision, isDeleted, type VersionState, versionState } from "../repo/versions/types.ts";
import { listTree } from "../repo/cluster-files.ts";
import { requireRevision, requireVersion } from "../repo/require.ts";

/**
 * Deletes a version, or a whole profile with all its versions. The log keeps every revision.
 * Throws `version-in-use`, `version-on-main`, `version-unknown`, `profile-unknown`.
 */
export function deleteVersion(
  repo: Repository,
  args: { readonly profile: string; readonly version?: string | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(repo, (state) => planDeletion(repo, state, args), options);
}

async function planDeletion(
  repo: Repository,
  state: RepoState,
  { profile, version }: { readonly profile: string; readonly version?: string | undefined },
): Promise<Change> {
  const all = [...(state.versions.get(profile)?.values() ?? [])];
  const doomed =
    version === undefined
      ? all.filter((one) => !isDeleted(one) && one.tag !== undefined)
      : [requireVersion(state, profile, version).state];
  const onMain = state.snapshot.profiles.get(profile);
  if (doomed.length === 0 && onMain === undefined) {
    throw new EngineError("profile-unknown", `there is no profile "${profile}"`, {
      hint: "`strata profile list` shows what there is",
    });
  }
  refuseUsed(state, profile, version);
  if (version !== undefined && onMain?.profile?.spec.version === version) {
    throw new EngineError("version-on-main", `main carries ${profile}@${version}`, {
      hint: `give main another version first (\`strata profile version ${profile}@<version>\`), or delete the whole profile`,
    });
  }
  const edits = new Map<string, null>();
  if (version === undefined && onMain !== undefined) {
    for (const file of await listTree(repo.git, onMain.tree))
      edits.set(`${profileDir(profile)}/${file.path}`, null);
  }
  const name = version === undefined ? profile : `${profile}@${version}`;
  return {
    edits,
    subject: `Delete ${name}`,
    trailers: [["Strata-Profile", name]],
    revisions: doomed.flatMap(deletionOf),
    refs: doomed.flatMap((one) =>
      one.branch === undefined ? [] : [{ ref: one.branch.ref, from: one.branch.oid, to: null }],
    ),
    clusters: [],
    notes: doomed.map(
      (one) =>
        `${one.profile}@${one.version} can come back: strata profile restore ${one.profile}@${one.version}`,
    ),
  };
}

function deletionOf(state: VersionState): AskedRevision[] {
  const current = currentRevision(state);
  if (current === undefined) return [];
  return [
    { profile: state.profile, version: state.version, event: "deleted", commit: current.commit, tagTo: null },
  ];
}

function refuseUsed(state: RepoState, profile: string, version: string | undefined): void {
  const users = [...state.snapshot.clusters.values()].filter((entry) => {
    const attached = entry.cluster?.spec.profiles.find((one) => one.name === profile);
    const locked = entry.lock.profiles[profile];
    return [attached, locked].some(
      (one) => one !== undefined && (version === undefined || one.version === version),
    );
  });
  if (users.length === 0) return;
  const names = users.map((entry) => entry.name);
  const name = version === undefined ? profile : `${profile}@${version}`;
  throw new EngineError(
    "version-in-use",
    `${name} is used by ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`,
    {
      hint: "choose another version for them (`strata cluster use`) or detach it first",
      data: { clusters: names },
    },
  );
}

/** Brings a deleted version back at its last revision, or at the one given. Throws `version-not-deleted`, `version-unknown`, `revision-unknown`. */
export function restoreVersion(
  repo: Repository,
  args: { readonly profile: string; readonly version: string; readonly revision?: number | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const name = `${args.profile}@${args.version}`;
      const found = versionState(state.versions, args.profile, args.version);
      const last = found?.revisions.findLast((revision) => revision.source !== "lock");
      if (found === undefined || last === undefined) {
        throw new EngineError("version-unknown", `${name} never existed`, {
          hint: "`strata profile list` shows what there is",
        });
      }
      if (!isDeleted(found) && found.tag !== undefined) {
        throw new EngineError("version-not-deleted", `${name} is not deleted`, {
          hint: `an earlier revision is chosen per cluster: strata cluster use <cluster> ${name} --revision <n>`,
        });
      }
      const revision = args.revision === undefined ? last : requireRevision(found, args.revision);
      return {
        edits: new Map(),
        subject: `Restore ${name}`,
        trailers: [["Strata-Profile", name]],
        revisions: [
          {
            profile: args.profile,
            version: args.version,
            event: "restored",
            commit: revision.commit,
            tagTo: revision.commit,
          },
        ],
        clusters: [],
      };
    },
    options,
  );
}
