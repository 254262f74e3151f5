import { EngineError } from "../model/errors.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { profileDir, versionBranchRef } from "../repo/paths.ts";
import { readProfileEntry } from "../repo/snapshot.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import { listTree } from "../repo/cluster-files.ts";
import type { VersionName } from "./profile-versions.ts";
import { requireVersion } from "../repo/require.ts";

export interface LayerFile extends VersionName {
  readonly layer: string;
  /** Path inside the layer; may be left out where the layer holds one file. */
  readonly file?: string | undefined;
}

export interface LayerText {
  /** Path in the repository. */
  readonly path: string;
  readonly text: string;
}

/** Where a version is edited: on main while main declares it and no branch owns it, else on its branch. */
interface Place {
  readonly commit: string;
  readonly tree: string;
  readonly branch: { readonly ref: string; readonly base: string } | undefined;
}

/** Reads a file of a layer from where the version is edited. Throws `layer-unknown`, `file-unknown`, `file-ambiguous`. */
export async function readLayer(
  repo: Repository,
  args: LayerFile,
  options: { signal: AbortSignal },
): Promise<LayerText> {
  const state = await repo.load(options.signal);
  const place = placeOf(state, args);
  const { path, oid } = await findFile(repo, place, args);
  return { path, text: (await repo.git.readBlob(oid)).toString("utf8") };
}

/** Replaces a file of a layer in place: the version's next revision. Throws as {@link readLayer}, and `edit-unchanged`. */
export function editLayer(
  repo: Repository,
  args: LayerFile & { readonly content: string },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const place = placeOf(state, args);
      const { path } = await findFile(repo, place, args);
      return {
        edits: new Map([[path, args.content]]),
        subject: `Edit ${args.layer} of ${args.profile}@${args.version}`,
        trailers: [["Strata-Profile", `${args.profile}@${args.version}`]],
        clusters: [],
        ...(place.branch === undefined ? {} : { branch: place.branch }),
      };
    },
    options,
  );
}

function placeOf(state: RepoState, { profile, version }: VersionName): Place {
  const found = requireVersion(state, profile, version);
  const { branch } = found.state;
  if (branch !== undefined)
    return { commit: branch.commit, tree: branch.tree, branch: { ref: branch.ref, base: branch.commit } };
  const onMain = state.snapshot.profiles.get(profile);
  if (onMain?.profile?.spec.version === version && state.snapshot.commit !== null) {
    return { commit: state.snapshot.commit, tree: onMain.tree, branch: undefined };
  }
  const { commit, tree } = found.current;
  return { commit, tree, branch: { ref: versionBranchRef(profile, version), base: commit } };
}

async function findFile(
  repo: Repository,
  place: Place,
  args: LayerFile,
): Promise<{ path: string; oid: string }> {
  const name = `${args.profile}@${args.version}`;
  const entry = await readProfileEntry(repo.git, args.profile, place.tree);
  const layers = entry.profile?.spec.layers.map((layer) => layer.name) ?? [];
  if (!layers.includes(args.layer)) {
    throw new EngineError("layer-unknown", `${name} has no layer "${args.layer}"`, {
      hint: `layers: ${layers.join(", ") || "none"}`,
    });
  }
  const directory = `${profileDir(args.profile)}/${args.layer}`;
  const child = (await repo.git.readTree(place.tree)).find((candidate) => candidate.path === args.layer);
  const files = child?.type === "tree" ? await listTree(repo.git, child.oid) : [];
  const list = files.map((file) => file.path).join(", ");
  const file =
    args.file === undefined && files.length === 1
      ? files[0]
      : files.find((candidate) => candidate.path === args.file);
  if (file !== undefined) return { path: `${directory}/${file.path}`, oid: file.oid };
  if (args.file === undefined) {
    throw new EngineError("file-ambiguous", `layer "${args.layer}" of ${name} holds ${files.length} files`, {
      hint: `say which: ${args.layer}/<file> of ${list || "none"}`,
    });
  }
  throw new EngineError("file-unknown", `layer "${args.layer}" of ${name} has no file "${args.file}"`, {
    hint: `files: ${list || "none"}`,
  });
}
