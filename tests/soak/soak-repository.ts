import { join } from "node:path";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import type { ChangeResult } from "../../engine/repo/change.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { passRepository } from "../../engine/sync/repository-pass.ts";
import { commitFiles, git, openTestRepository, signal, tempBare, tempDir } from "../support/temp-git.ts";

/** Races that may be lost one after another. */
const RACES = 20;

/** A bare repository that an engine watches, a clone that somebody pushes from, and what both must find there later. */
export class SoakRepository {
  readonly dir: string;
  readonly repo: Repository;
  readonly #clone: string;
  /** Commits that were acknowledged, by the branch that has them. */
  readonly #made: { readonly commit: string; readonly branch: string }[] = [];
  readonly #revisions = new Map<string, string>();

  constructor(dir: string, clone: string, repo: Repository) {
    this.dir = dir;
    this.#clone = clone;
    this.repo = repo;
  }

  /** A commit on main by somebody with an editor, and a push of it; who loses the race does it again. */
  async push(files: Readonly<Record<string, string>>, message: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#fetch();
      const commit = await commitFiles(this.#clone, files, message);
      try {
        await git(this.#clone, "push", "-q", "origin", "HEAD:main");
        this.#made.push({ commit, branch: "main" });
        return;
      } catch (error) {
        if (attempt === RACES) throw error;
      }
    }
  }

  /** Moves a tag by force to the commit of a revision, as somebody does by hand. */
  async moveTag(tag: string, revision: string): Promise<void> {
    await this.#fetch();
    const commit = await git(this.#clone, "rev-parse", `${revision}^{commit}`);
    await git(this.#clone, "push", "-q", "--force", "origin", `${commit}:${tag}`);
  }

  /** One of the commands' actions. */
  async act(
    action: (repo: Repository, options: { signal: AbortSignal }) => Promise<ChangeResult>,
  ): Promise<void> {
    const { commit, refs } = await action(this.repo, { signal: signal() });
    const moved = refs.find(({ name, to }) => name.startsWith("refs/heads/") && to === commit);
    if (commit !== null) this.#made.push({ commit, branch: moved?.name ?? "main" });
  }

  /** What an engine does with the repository: revisions and locks. It may run at the same time. */
  async pass(): Promise<void> {
    const renderer = createRenderer(this.repo.reader);
    const { conditions } = await passRepository(this.repo, renderer, () => undefined, signal());
    if (conditions.length > 0) throw new Error(`a pass: ${JSON.stringify(conditions)}`);
  }

  show(revision: string): Promise<string> {
    return git(this.dir, "show", revision);
  }

  async refs(prefix: string): Promise<ReadonlyMap<string, string>> {
    const lines = await git(this.dir, "for-each-ref", "--format=%(refname) %(objectname)", prefix);
    const pairs = lines.split("\n").filter((line) => line !== "");
    return new Map(pairs.map((line) => line.split(" ") as [string, string])); // two fields, by the format
  }

  /** What is wrong with the repository by all that is known of it: empty where nothing is. */
  async problems(): Promise<string[]> {
    const wrong: string[] = [];
    for (const { commit, branch } of this.#made) {
      const isKept = await git(this.dir, "merge-base", "--is-ancestor", commit, branch).then(
        () => true,
        () => false,
      );
      if (!isKept) wrong.push(`${branch} has lost the commit ${commit}`);
    }
    this.#made.splice(0, Math.max(0, this.#made.length - 50));
    const now = await this.refs("refs/tags/revisions/");
    for (const [name, object] of this.#revisions)
      if (now.get(name) !== object) wrong.push(`${name} was ${object} and is ${now.get(name) ?? "gone"}`);
    for (const [name, object] of now) {
      this.#revisions.set(name, object);
      const number = Number(name.split("/").at(-1));
      if (number > 1 && !now.has(name.replace(/\d+$/, String(number - 1))))
        wrong.push(`${name} has none before it`);
    }
    const broken = await git(this.dir, "fsck", "--strict", "--no-dangling", "--connectivity-only");
    return broken === "" ? wrong : [...wrong, broken];
  }

  async #fetch(): Promise<void> {
    await git(this.#clone, "fetch", "-q", "--force", "--tags", "origin");
    await git(this.#clone, "checkout", "-q", "--detach", "origin/main");
  }
}

/** @param files of the first commit */
export async function newSoakRepository(files: Readonly<Record<string, string>>): Promise<SoakRepository> {
  const dir = await tempBare();
  const clone = join(await tempDir(), "clone");
  await git(dir, "clone", "-q", dir, clone);
  await commitFiles(clone, files, "Begin");
  await git(clone, "push", "-q", "origin", "HEAD:main");
  return new SoakRepository(dir, clone, await openTestRepository(dir));
}
