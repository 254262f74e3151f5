import { EngineError } from "../model/errors.ts";
import { compareVersions } from "../model/version.ts";
import { type Edit, editYaml } from "../yaml/index.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { profileDir, profileFile, versionBranchRef } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import { type ProfileContent, versionState } from "../repo/versions/types.ts";
import { replaceDirectory } from "../repo/cluster-files.ts";
import { requireName, requireVersion, requireVersionText } from "../repo/require.ts";

export interface VersionName {
  readonly profile: string;
  readonly version: string;
}

/**
 * Makes a profile of another name from the current content of a version. Tags are not taken over.
 * Throws `profile-exists`, `name-invalid`, `version-unknown`.
 */
export async function cloneProfile(
  repo: Repository,
  args: { readonly source: VersionName; readonly name: string; readonly version?: string | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  requireName(args.name, "profile");
  const version = args.version ?? "1.0.0";
  requireVersionText(version);
  return commitChange(
    repo,
    async (state) => {
      if (state.snapshot.profiles.has(args.name) || state.versions.has(args.name)) {
        throw new EngineError("profile-exists", `there is a profile "${args.name}" already`, {
          hint: `\`strata profile show ${args.name}\`; a new version of it is made with \`strata profile version\``,
        });
      }
      const { current } = requireVersion(state, args.source.profile, args.source.version);
      const edits = await copyProfile(repo, current, args.name, undefined, [
        { op: "set", path: ["metadata", "name"], value: args.name },
        { op: "set", path: ["spec", "version"], value: version },
        { op: "remove", path: ["metadata", "tags"] },
      ]);
      return {
        edits,
        subject: `Clone ${args.source.profile}@${args.source.version} as ${args.name}@${version}`,
        trailers: [["Strata-Profile", `${args.name}@${version}`]],
        clusters: [],
      };
    },
    options,
  );
}

/**
 * Makes a new version of a profile with the layers of `from` (main's version by default). A version higher than
 * main's becomes main's; any other gets its own branch.
 * Throws `version-exists`, `version-invalid`, `version-unknown`, `ref-name-taken`.
 */
export async function createVersion(
  repo: Repository,
  args: VersionName & { readonly from?: string | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  requireVersionText(args.version);
  return commitChange(
    repo,
    async (state) => {
      const { profile, version } = args;
      refuseTaken(state, args);
      const onMain = state.snapshot.profiles.get(profile)?.profile?.spec.version;
      const from = args.from ?? onMain ?? highest(state, profile);
      const { current } = requireVersion(state, profile, from);
      const named: Edit[] = [{ op: "set", path: ["spec", "version"], value: version }];
      const common = {
        subject: `Create ${profile}@${version} from ${from}`,
        trailers: [["Strata-Profile", `${profile}@${version}`] as const],
        clusters: [],
      };
      if (onMain === undefined || compareVersions(version, onMain) > 0) {
        const present = state.snapshot.profiles.get(profile)?.tree;
        return { ...common, edits: await copyProfile(repo, current, profile, present, named) };
      }
      const branch = { ref: versionBranchRef(profile, version), base: current.commit };
      refuseBranchClash(state, args);
      const edits = await copyProfile(repo, current, profile, current.tree, named);
      return {
        ...common,
        edits,
        branch,
        notes: [`main carries ${onMain}: ${version} lives on its branch versions/${profile}/${version}`],
      };
    },
    options,
  );
}

/** Releases what main declares for a version although main never held what the version is now. */
export function releaseProfile(
  repo: Repository,
  args: VersionName,
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const declared = state.snapshot.profiles.get(args.profile)?.profile?.spec.version;
      const name = `${args.profile}@${args.version}`;
      if (declared !== args.version) {
        throw new EngineError(
          "version-not-on-main",
          `main declares ${declared ?? "no valid version"} of ${args.profile}, not ${args.version}`,
          {
            hint: `set spec.version in ${profileFile(args.profile)} first`,
          },
        );
      }
      if (versionState(state.versions, args.profile, args.version)?.branch !== undefined) {
        throw new EngineError(
          "branch-owns-version",
          `the branch versions/${args.profile}/${args.version} owns ${name}`,
          {
            hint: `delete the branch first: git branch -D versions/${args.profile}/${args.version}`,
          },
        );
      }
      return {
        edits: new Map(),
        subject: `Release ${name}`,
        trailers: [["Strata-Profile", name]],
        insist: new Set([name]),
        clusters: [],
      };
    },
    options,
  );
}

/** The edits that put `content` into `profiles/<name>/`, its profile.yaml changed as told. */
async function copyProfile(
  repo: Repository,
  content: ProfileContent,
  name: string,
  present: string | undefined,
  changes: readonly Edit[],
): Promise<Map<string, string | Uint8Array | null>> {
  const files = await replaceDirectory(repo.git, profileDir(name), content.tree, present);
  const file = profileFile(name);
  const text = files.get(file);
  if (text == null) throw new EngineError("profile-invalid", `${content.tree} holds no profile.yaml`);
  return new Map<string, string | Uint8Array | null>([
    ...files,
    [file, editYaml(Buffer.from(text).toString("utf8"), changes)],
  ]);
}

function refuseTaken(state: RepoState, { profile, version }: VersionName): void {
  const known = versionState(state.versions, profile, version);
  const declared = state.snapshot.profiles.get(profile)?.profile?.spec.version;
  if (known === undefined && declared !== version) return;
  const deleted = known !== undefined && known.tag === undefined;
  throw new EngineError(
    "version-exists",
    `${profile}@${version} exists already${deleted ? " (deleted)" : ""}`,
    {
      hint: deleted
        ? `\`strata profile restore ${profile}@${version}\` brings it back`
        : "choose a higher version",
    },
  );
}

function refuseBranchClash(state: RepoState, { profile }: VersionName): void {
  const ref = `refs/heads/versions/${profile}`;
  if (!state.refs.has(ref) && !state.refs.has("refs/heads/versions")) return;
  const taken = state.refs.has(ref) ? `versions/${profile}` : "versions";
  throw new EngineError("ref-name-taken", `the branch "${taken}" stands in the way of branches below it`, {
    hint: `rename it: git branch -m ${taken} <other name>`,
  });
}

function highest(state: RepoState, profile: string): string {
  const versions = [...(state.versions.get(profile)?.values() ?? [])].filter((one) => one.tag !== undefined);
  const last = versions
    .map((one) => one.version)
    .sort(compareVersions)
    .at(-1);
  if (last !== undefined) return last;
  throw new EngineError("profile-unknown", `there is no profile "${profile}"`, {
    hint: "`strata profile list` shows what there is",
  });
}
