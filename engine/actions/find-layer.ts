import { isUtf8 } from "node:buffer";
import { EngineError } from "../model/errors.ts";
import type { Layer } from "../model/profile.ts";
import { isManifestFile } from "../render/render-layer.ts";
import { listTree, type TreeFile } from "../repo/cluster-files.ts";
import type { Git } from "../repo/git/types.ts";
import { profileDir, versionBranchRef } from "../repo/paths.ts";
import { requireVersion } from "../repo/require.ts";
import { readProfileEntry } from "../repo/snapshot.ts";
import type { RepoState } from "../repo/state.ts";
import type { TextFile } from "../yaml/index.ts";
import type { VersionName } from "./profile-versions.ts";

export interface LayerFile extends VersionName {
  readonly layer: string;
  /** Path inside the layer; left out for its only file, or for all manifests of it as one text. */
  readonly file?: string | undefined;
}

/** Where a version is edited: on main while main declares it and no branch owns it, else on its branch. */
export interface Place {
  /** Of the profile's directory. */
  readonly tree: string;
  readonly branch: { readonly ref: string; readonly base: string } | undefined;
}

export interface FoundLayer {
  readonly type: Layer["type"];
  /** Path in the repository. */
  readonly directory: string;
  /** By their path in the layer. */
  readonly files: readonly TreeFile[];
}

export function placeOf(state: RepoState, { profile, version }: VersionName): Place {
  const found = requireVersion(state, profile, version);
  const { branch } = found.state;
  if (branch !== undefined) return { tree: branch.tree, branch: { ref: branch.ref, base: branch.commit } };
  const onMain = state.snapshot.profiles.get(profile);
  if (onMain?.profile?.spec.version === version) return { tree: onMain.tree, branch: undefined };
  const { commit, tree } = found.current;
  return { tree, branch: { ref: versionBranchRef(profile, version), base: commit } };
}

/** The files of a layer in a profile's tree. Throws `layer-unknown`. */
export async function findLayer(git: Git, args: LayerFile, tree: string): Promise<FoundLayer> {
  const layers = (await readProfileEntry(git, args.profile, tree)).profile?.spec.layers ?? [];
  const layer = layers.find(({ name }) => name === args.layer);
  if (layer === undefined) {
    throw new EngineError("layer-unknown", `${args.profile}@${args.version} has no layer "${args.layer}"`, {
      hint: `layers: ${layers.map(({ name }) => name).join(", ") || "none"}`,
    });
  }
  const child = (await git.readTree(tree)).find(({ path }) => path === args.layer);
  const files = child?.type === "tree" ? await listTree(git, child.oid) : [];
  return { type: layer.type, directory: `${profileDir(args.profile)}/${args.layer}`, files };
}

/** What an edit is of. */
export interface ChosenFiles {
  /** In the order of their paths. */
  readonly files: readonly TreeFile[];
  /** Whether they are all manifests of the layer, as one text: a file may then be new, or go. */
  readonly whole: boolean;
}

/**
 * The file that is named; else the manifests of a manifest layer, and of any other its only file. Throws
 * `file-unknown`, `file-ambiguous`, and `path-refused` for what is no plain file.
 */
export function chooseFiles({ type, files }: FoundLayer, args: LayerFile): ChosenFiles {
  const where = `layer "${args.layer}" of ${args.profile}@${args.version}`;
  const list = files.map(({ path }) => path).join(", ") || "none";
  if (args.file !== undefined) {
    const named = files.find(({ path }) => path === args.file);
    if (named === undefined)
      throw new EngineError("file-unknown", `${where} has no file "${args.file}"`, {
        hint: `files: ${list}`,
      });
    if (isPlain(named)) return { files: [named], whole: false };
    throw new EngineError("path-refused", `"${named.path}" of ${where} is no plain file`, {
      hint: "commit the file itself",
    });
  }
  const plain = files.filter(isPlain).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const manifests = type === "manifest" ? plain.filter(({ path }) => isManifestFile(path)) : [];
  if (manifests.length > 0) return { files: manifests, whole: true };
  if (plain.length === 1) return { files: plain, whole: false };
  if (plain.length === 0)
    throw new EngineError("file-unknown", `${where} holds no file`, {
      hint: "commit its first file with Git",
    });
  throw new EngineError("file-ambiguous", `${where} holds ${plain.length} files and no manifests`, {
    hint: `say which: ${args.layer}/<file> of ${list}`,
  });
}

function isPlain({ mode }: TreeFile): boolean {
  return mode.startsWith("100");
}

/** The texts of files, byte order marks included. Throws `file-not-utf8`. */
export async function readTexts(
  git: Git,
  directory: string,
  files: readonly TreeFile[],
): Promise<readonly TextFile[]> {
  return Promise.all(
    files.map(async ({ path, oid }) => {
      const data = await git.readBlob(oid);
      if (isUtf8(data)) return { path, text: data.toString("utf8") };
      throw new EngineError("file-not-utf8", "the file is not UTF-8: as text it would become another", {
        file: `${directory}/${path}`,
        hint: "save it as UTF-8 and commit that with Git first",
      });
    }),
  );
}
