import git from "isomorphic-git";
import { EngineError } from "../../model/errors.ts";
import type { GitRunner } from "./exec.ts";
import { ObjectBatch } from "./object-batch.ts";
import type { ObjectReader } from "./object-reader.ts";
import { formatTree, parseTree } from "./parse-objects.ts";
import type { AnnotatedTag, Commit, Signature, TreeEntry } from "./types.ts";
import { wholeFiles } from "./whole-files.ts";

type TreeItem = Omit<TreeEntry, "type">;
type Content = string | Uint8Array | null;

/** Writes objects in process. Refs are never written here: isomorphic-git's ref writes are not safe against a racing writer. */
export class ObjectWriter {
  readonly #gitdir: string;
  readonly #reader: ObjectReader;
  readonly #run: GitRunner;

  constructor(gitdir: string, reader: ObjectReader, run: GitRunner) {
    this.#gitdir = gitdir;
    this.#reader = reader;
    this.#run = run;
  }

  writeTree(entries: readonly TreeItem[]): Promise<string> {
    const object = formatTree(entries);
    return git.writeObject({ fs: wholeFiles, gitdir: this.#gitdir, type: "tree", format: "content", object });
  }

  writeCommit(commit: Omit<Commit, "oid">): Promise<string> {
    return git.writeCommit({
      fs: wholeFiles,
      gitdir: this.#gitdir,
      commit: {
        tree: commit.tree,
        parent: [...commit.parents],
        author: signature(commit.author),
        committer: signature(commit.committer),
        message: commit.message,
      },
    });
  }

  writeTag(tag: AnnotatedTag): Promise<string> {
    const tagger = tag.tagger ?? { name: "Strata", email: "strata@localhost", time: 0, zone: 0 };
    return git.writeTag({
      fs: wholeFiles,
      gitdir: this.#gitdir,
      tag: {
        object: tag.object,
        type: tag.type,
        tag: tag.name,
        tagger: signature(tagger),
        message: tag.message,
      },
    });
  }

  /** A tree like `base` with files set, and with files or directories removed. Directories left empty go too. */
  async updateTree(base: string | null, edits: ReadonlyMap<string, Content>): Promise<string> {
    const batch = new ObjectBatch();
    const all = [...edits].map(([path, content]) => [path.split("/"), content] as const);
    const tree = (await this.#update(base, all, batch)) ?? batch.add("tree", formatTree([]));
    await batch.write(this.#gitdir, this.#run);
    return tree;
  }

  async #update(
    base: string | null,
    edits: readonly (readonly [readonly string[], Content])[],
    batch: ObjectBatch,
  ): Promise<string | undefined> {
    const entries = new Map<string, TreeItem>();
    for (const entry of base === null ? [] : await this.#readTree(base)) entries.set(entry.path, entry);
    const below = new Map<string, (readonly [readonly string[], Content])[]>();
    const here: (readonly [string, Content])[] = [];
    for (const [[name = "", ...rest], content] of edits) {
      if (rest.length === 0) here.push([name, content]);
      else if (below.get(name)?.push([rest, content]) === undefined) below.set(name, [[rest, content]]);
    }
    // Removals come first, so that a directory can be emptied and filled in one go.
    for (const [name, content] of here) if (content === null) entries.delete(name);
    for (const [name, inner] of below) {
      const before = entries.get(name);
      const tree = await this.#update(before?.mode === "040000" ? before.oid : null, inner, batch);
      if (tree !== undefined) entries.set(name, { mode: "040000", path: name, oid: tree });
      else if (before?.mode === "040000") entries.delete(name);
    }
    for (const [name, content] of here) {
      if (content === null) continue;
      const oid = batch.add("blob", typeof content === "string" ? Buffer.from(content, "utf8") : content);
      const before = entries.get(name);
      entries.set(name, { mode: before?.mode === "100755" ? "100755" : "100644", path: name, oid });
    }
    return entries.size === 0 ? undefined : batch.add("tree", formatTree([...entries.values()]));
  }

  async #readTree(oid: string): Promise<TreeEntry[]> {
    const object = await this.#reader.read(oid);
    if (object?.type !== "tree") {
      const found = object === undefined ? "is not in the repository" : `is a ${object.type}`;
      throw new EngineError("object-missing", `Git object ${oid} should be a tree, but ${found}`);
    }
    const entries = parseTree(object.data, oid.length / 2);
    // Written back, such a name would become another.
    const odd = entries.find(({ path }) => path.includes("\ufffd"));
    if (odd === undefined) return entries;
    throw new EngineError("path-not-utf8", `the name ${JSON.stringify(odd.path)} is not UTF-8`, {
      hint: "rename it with git mv and commit that first",
    });
  }
}

function signature(from: Signature) {
  return { name: from.name, email: from.email, timestamp: from.time, timezoneOffset: from.zone };
}
