import { commitFiles, git, tempDir, tempRepo, writeFiles } from "../support/temp-git.ts";

export interface ProfileContent {
  readonly name: string;
  /** Manifests by layer; all layers install together. */
  readonly layers: Readonly<Record<string, string>>;
}

/** A profile of one layer. */
export function oneLayer(name: string, manifest: string): ProfileContent {
  return { name, layers: { base: manifest } };
}

/** The files of a profile. */
export function profileFiles({ name, layers }: ProfileContent, version = "1.0.0"): Record<string, string> {
  const names = Object.keys(layers);
  const profile = `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata:
  name: ${name}
spec:
  version: ${version}
  type: add-on
  layers:
${names.map((layer) => `    - { name: ${layer}, type: manifest, priority: 100 }\n`).join("")}`;
  const manifests = names.map((layer) => [`profiles/${name}/${layer}/objects.yaml`, layers[layer] ?? ""]);
  return { [`profiles/${name}/profile.yaml`]: profile, ...Object.fromEntries(manifests) };
}

export function clusterFile(name: string, context: string, profiles: readonly string[]): string {
  return `apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata:
  name: ${name}
spec:
  connection: { context: ${context} }
  profiles:
${profiles.map((profile) => `    - { name: ${profile}, version: 1.0.0 }\n`).join("")}`;
}

/** A work tree with one cluster that runs all the profiles. */
export async function repositoryOf(
  cluster: string,
  context: string,
  profiles: readonly ProfileContent[],
): Promise<string> {
  const dir = await tempRepo();
  const names = profiles.map(({ name }) => name);
  await commitFiles(dir, {
    ...Object.assign({}, ...profiles.map((profile) => profileFiles(profile))),
    [`clusters/${cluster}/cluster.yaml`]: clusterFile(cluster, context, names),
  });
  return dir;
}

export interface Draft {
  readonly commit: string;
  /** Moves main to it. */
  readonly land: () => Promise<unknown>;
}

/** A way to prepare commits beside the repository that an engine watches. */
export interface Drafts {
  /**
   * A commit of files on the last draft that approves, in the same commit, what the profiles are then. Its objects are
   * in the repository, but no ref has moved; `land` moves main.
   */
  prepare(files: Readonly<Record<string, string>>): Promise<Draft>;
}

/** Opens drafts on main's tip of a repository, whose one cluster has the profiles. */
export async function openDrafts(dir: string, cluster: string, profiles: readonly string[]): Promise<Drafts> {
  const draft = await tempDir();
  await git(draft, "clone", "-q", dir, ".");
  return {
    prepare: async (files) => {
      const before = await git(draft, "rev-parse", "HEAD");
      await writeFiles(draft, files);
      await git(draft, "add", "-A");
      const tree = await git(draft, "write-tree");
      const trees = await git(draft, "rev-parse", ...profiles.map((name) => `${tree}:profiles/${name}`));
      const lock = lockFile(profiles, trees.split("\n"));
      const commit = await commitFiles(draft, { [`clusters/${cluster}/strata.lock`]: lock });
      await git(dir, "fetch", "-q", draft, commit);
      return { commit, land: () => git(dir, "update-ref", "refs/heads/main", commit, before) };
    },
  };
}

function lockFile(profiles: readonly string[], trees: readonly string[]): string {
  const entries = profiles.map(
    (name, index) => `  ${name}:\n    version: 1.0.0\n    tree: ${trees[index]}\n`,
  );
  return `profiles:\n${entries.join("")}`;
}
