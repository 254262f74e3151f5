import { createVersion, editLayer } from "../../../engine/actions/index.ts";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { signal } from "../../support/temp-git.ts";
import { type Content, profileFiles, WEB_FILE, webText } from "./content.ts";
import { inProfile, type Walk } from "./walk.ts";

const options = () => ({ signal: signal() });
export const VERSIONS = ["1.0.0", "1.1.0", "1.2.0"] as const;

/** Changes a version in place, on main or on its branch: its tag is at the new content. */
export async function edit(walk: Walk, version: string, change: Partial<Content>): Promise<void> {
  const { current } = await walk.facts();
  const tree = current.get(version);
  if (tree === undefined) return;
  const text = await walk.git("show", `${await editedAt(walk, version)}:profiles/app/${WEB_FILE}`);
  const before = JSON.parse(text.split("\n", 1)[0]?.slice(2) ?? "") as Content; // as webText wrote it
  // the other layer stays: one file is edited
  const after = { ...before, ...change, extra: before.extra };
  const content = webText(after);
  const args = { profile: "app", version, layer: "web", file: "app.yaml", content };
  const isSame = content.trim() === text.trim();
  const result = await walk.command(
    isSame ? { refused: "edit-unchanged" } : { clusters: walk.clusters },
    () => editLayer(walk.repo, args, options()),
  );
  if (result === undefined) return;
  const isHeld = result.warnings.some(
    ({ code, object }) => code === "main-never-held" && object === `app@${version}`,
  );
  const now = await walk.treeAt(`profiles/app/${version}`);
  expect(walk.contentOf(now)).toEqual(isHeld ? walk.contentOf(tree) : after);
}

/** Where a version is edited: on its branch, on main while that declares it, else from its tag. */
async function editedAt(walk: Walk, version: string): Promise<string> {
  const branch = `refs/heads/versions/app/${version}`;
  if ((await walk.refs()).includes(`${branch} `)) return branch;
  return (await declared(walk)) === version ? "main" : `profiles/app/${version}`;
}

/** The version that main declares. */
export async function declared(walk: Walk): Promise<string> {
  const text = await walk.git("show", "main:profiles/app/profile.yaml");
  return /version: ([0-9.]+)/.exec(text)?.[1] ?? "";
}

async function onMain(walk: Walk): Promise<Content> {
  return walk.contentOf(await walk.treeAt("main"));
}

/** Pushes another content of the profile to main, or another version of it. */
export async function pushProfile(
  walk: Walk,
  change: Partial<Content>,
  version: string | undefined,
): Promise<void> {
  const content = { ...(await onMain(walk)), ...change };
  const files = profileFiles(content, version ?? (await declared(walk)));
  await walk.push(inProfile(files), walk.clusters);
}

/** A new version, higher than main's: it is main's then. */
export async function bump(walk: Walk, version: string): Promise<void> {
  const { current } = await walk.facts();
  if (current.has(version)) return;
  await walk.command({ clusters: walk.clusters }, () =>
    createVersion(walk.repo, { profile: "app", version }, options()),
  );
}

/** A commit beside main on the tag of a version, and the version's branch or its tag moved there by hand. */
export async function aside(
  walk: Walk,
  version: string,
  change: Partial<Content>,
  where: "branch" | "tag",
): Promise<void> {
  const { current } = await walk.facts();
  const tree = current.get(version);
  if (tree === undefined) return;
  const branch = `refs/heads/versions/app/${version}`;
  const hasBranch = (await walk.refs()).includes(`${branch} `);
  const from = where === "branch" && hasBranch ? branch : `refs/tags/profiles/app/${version}`;
  const before = walk.contentOf(await walk.treeAt(from));
  const after = { ...before, ...change };
  // a tag on another commit of the same content is no revision, and nothing keeps it
  if (isDeepStrictEqual(after, before)) return;
  const files = inProfile(profileFiles(after, version));
  const commit = await commitOn(walk, from, files);
  await walk.treeAt(commit);
  await walk.git("update-ref", where === "branch" ? branch : `refs/tags/profiles/app/${version}`, commit);
  walk.isSettled = false;
}

/** Commits files on a commit without a work tree. */
async function commitOn(
  walk: Walk,
  from: string,
  files: Readonly<Record<string, string | null>>,
): Promise<string> {
  const parent = await walk.git("rev-parse", `${from}^{commit}`);
  const edits = new Map(Object.entries(files));
  const tree = await walk.repo.git.updateTree(await walk.git("rev-parse", `${parent}^{tree}`), edits);
  return walk.git("commit-tree", "-p", parent, "-m", "Beside main", tree);
}
