import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../../model/errors.ts";
import { copyIndex } from "./copy-index.ts";
import { firstParentsSince } from "../first-parents.ts";
import { expectOutput, FSCK, type GitRunner } from "./exec.ts";
import { fetchRemote } from "./fetch-remote.ts";
import { ObjectReader } from "./object-reader.ts";
import { ObjectWriter } from "./object-writer.ts";
import { EMPTY_TREE, parseCommit, parseTag, parseTree } from "./parse-objects.ts";
import { pushAtomic } from "./publish.ts";
import { readRefs } from "./refs.ts";
import { moveLocally, readTracked, trackingUpdates, TRACKING } from "./remote-refs.ts";
import { transact } from "./transact.ts";
import type {
  AnnotatedTag,
  Commit,
  Git,
  GitObject,
  LogOptions,
  ObjectType,
  PathChange,
  RefInfo,
  RefMap,
  RefUpdate,
  TreeEntry,
} from "./types.ts";

export interface SystemGitParts {
  readonly run: GitRunner;
  readonly environment: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly workTree: string | undefined;
  readonly remote: string | undefined;
}

/** {@link Git} on the system's Git, one `cat-file` process and in-process object writes. */
export class SystemGit implements Git {
  readonly dir: string;
  readonly workTree: string | undefined;
  readonly remote: string | undefined;
  readonly #run: GitRunner;
  readonly #reader: ObjectReader;
  readonly #writer: ObjectWriter;
  readonly #trees = new WeakMap<GitObject, TreeEntry[]>();
  /** The root of the history that was asked for last. */
  #root: { readonly tip: string; readonly root: string } | undefined;

  constructor(parts: SystemGitParts) {
    this.dir = parts.dir;
    this.workTree = parts.workTree;
    this.remote = parts.remote;
    this.#run = parts.run;
    this.#reader = new ObjectReader(parts.dir, parts.environment);
    this.#writer = new ObjectWriter(parts.dir, this.#reader, parts.run);
  }

  readObject(oid: string): Promise<GitObject | undefined> {
    return this.#reader.read(oid);
  }

  async readTree(oid: string): Promise<readonly TreeEntry[]> {
    const object = await this.#expect(oid, "tree");
    const entries = this.#trees.get(object) ?? parseTree(object.data, oid.length / 2);
    this.#trees.set(object, entries);
    return entries;
  }

  async readBlob(oid: string): Promise<Buffer> {
    return (await this.#expect(oid, "blob")).data;
  }

  async readCommit(oid: string): Promise<Commit> {
    return parseCommit(oid, (await this.#expect(oid, "commit")).data);
  }

  async readTag(oid: string): Promise<AnnotatedTag> {
    return parseTag((await this.#expect(oid, "tag")).data);
  }

  async resolvePath(root: string, path: string): Promise<TreeEntry | undefined> {
    const object = await this.readObject(root);
    let tree = object?.type === "commit" ? (await this.readCommit(root)).tree : root;
    let found: TreeEntry | undefined;
    for (const name of path.split("/")) {
      if (found !== undefined && found.type !== "tree") return undefined;
      found = (await this.readTree(tree)).find((entry) => entry.path === name);
      if (found === undefined) return undefined;
      tree = found.oid;
    }
    return found;
  }

  writeTree(entries: readonly Omit<TreeEntry, "type">[]): Promise<string> {
    return this.#writer.writeTree(entries);
  }
  writeCommit(commit: Omit<Commit, "oid">): Promise<string> {
    return this.#writer.writeCommit(commit);
  }
  writeTag(tag: AnnotatedTag): Promise<string> {
    return this.#writer.writeTag(tag);
  }
  updateTree(base: string | null, edits: ReadonlyMap<string, string | Uint8Array | null>): Promise<string> {
    return this.#writer.updateTree(base, edits);
  }

  async readRefs(prefixes: readonly string[] | undefined, signal: AbortSignal): Promise<RefMap> {
    return this.#peel(await readRefs(this.#run, this.dir, prefixes ?? ["refs/heads/", "refs/tags/"], signal));
  }

  async remoteRefs(signal: AbortSignal): Promise<RefMap> {
    return readTracked(await this.readRefs([TRACKING], signal));
  }

  async resolveCommit(name: string): Promise<string | undefined> {
    const args = [
      "--git-dir",
      this.dir,
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${name}^{commit}`,
    ];
    const result = await this.#run(args);
    const oid = result.stdout.toString("utf8").trim();
    // `^main` has an answer too, which is no commit.
    return result.code === 0 && /^[0-9a-f]+$/.test(oid) ? oid : undefined;
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const result = await this.#run([
      "--git-dir",
      this.dir,
      "merge-base",
      "--is-ancestor",
      ancestor,
      descendant,
    ]);
    return result.code === 0;
  }

  async log(options: LogOptions): Promise<string[]> {
    const args = ["--git-dir", this.dir, "log", "--format=%H"];
    if (options.firstParent) args.push("--first-parent");
    if (options.fullHistory === true) args.push("--full-history");
    if (options.removals === true) args.push("--diff-filter=D", "--no-renames");
    if (options.limit !== undefined) args.push(`--max-count=${options.limit}`);
    const output = await expectOutput(this.#run, [...args, options.from, "--", ...options.paths]);
    return output
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "");
  }

  async rootCommit(tip: string): Promise<string> {
    const known = this.#root;
    const isSame = known !== undefined && (await firstParentsSince(this, tip, known.tip)) !== undefined;
    const root = isSame ? known.root : await this.#findRoot(tip);
    this.#root = { tip, root };
    return root;
  }

  async #findRoot(tip: string): Promise<string> {
    const args = ["--git-dir", this.dir, "rev-list", "--max-parents=0", "--first-parent", tip];
    return (await expectOutput(this.#run, args)).toString("utf8").trim().split("\n").at(-1) ?? tip;
  }

  async diff(from: string | null, to: string | null): Promise<PathChange[]> {
    const args = [
      "--git-dir",
      this.dir,
      "diff-tree",
      "-r",
      "-z",
      "--no-renames",
      from ?? EMPTY_TREE,
      to ?? EMPTY_TREE,
    ];
    const parts = (await expectOutput(this.#run, args)).toString("utf8").split("\0");
    const changes: PathChange[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [, , before, after] = (parts[at] ?? "").split(" ");
      const id = (oid: string | undefined) => (oid === undefined || /^0+$/.test(oid) ? undefined : oid);
      changes.push({ path: parts[at + 1] ?? "", from: id(before), to: id(after) });
    }
    return changes;
  }

  async patch(from: string | null, to: string | null, paths: readonly string[] = []): Promise<string> {
    const args = [
      "--git-dir",
      this.dir,
      "-c",
      "core.quotePath=false",
      "diff",
      "--no-color",
      "--no-ext-diff",
      "--no-textconv",
    ];
    const output = await expectOutput(this.#run, [
      ...args,
      from ?? EMPTY_TREE,
      to ?? EMPTY_TREE,
      "--",
      ...paths,
    ]);
    return output.toString("utf8");
  }

  async identity(): Promise<{ name: string; email: string }> {
    const place = this.workTree === undefined ? ["--git-dir", this.dir] : ["-C", this.workTree];
    const result = await this.#run([...place, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]);
    const match = /^(.+) <([^>]+)> \d+/.exec(result.stdout.toString("utf8").trim());
    if (result.code === 0 && match?.[1] !== undefined && match[2] !== undefined)
      return { name: match[1], email: match[2] };
    throw new EngineError("git-identity-missing", "Git does not know who you are", {
      hint: 'git config --global user.name "Your Name" && git config --global user.email you@example.com',
    });
  }

  transact(updates: readonly RefUpdate[], options: { signal: AbortSignal }): Promise<void> {
    return transact(this.#run, this.dir, updates, options.signal);
  }

  async publish(updates: readonly RefUpdate[], options: { signal: AbortSignal }): Promise<void> {
    const remote = this.remote ?? "origin";
    const local = await this.readRefs(undefined, options.signal);
    await moveLocally({
      run: this.#run,
      dir: this.dir,
      mirror: this.workTree === undefined,
      local,
      updates,
      signal: options.signal,
      isAncestor: (ancestor, descendant) => this.isAncestor(ancestor, descendant),
      push: () => pushAtomic(this.#run, this.dir, remote, updates, options.signal),
      tracking: trackingUpdates(updates),
    });
  }

  async fetch(signal: AbortSignal): Promise<void> {
    const hadMain = (await this.readRefs([`${TRACKING}heads/main`], signal)).size > 0;
    const remote = this.remote ?? "origin";
    await fetchRemote({ run: this.#run, dir: this.dir, remote, hadMain, signal });
  }

  async workTreeTree(): Promise<string> {
    const root = this.workTree;
    if (root === undefined)
      throw new EngineError("work-tree-missing", "a bare repository has no files to look at");
    const folder = await mkdtemp(join(tmpdir(), "strata-index-"));
    try {
      const env = { GIT_INDEX_FILE: join(folder, "index") };
      const index = (
        await expectOutput(this.#run, [
          "-C",
          root,
          "rev-parse",
          "--path-format=absolute",
          "--git-path",
          "index",
        ])
      )
        .toString("utf8")
        .trim();
      await copyIndex(index, env.GIT_INDEX_FILE);
      await expectOutput(this.#run, ["-C", root, "add", "--all", "--", "."], { env });
      return (await expectOutput(this.#run, ["-C", root, "write-tree"], { env })).toString("utf8").trim();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async stage(paths: readonly string[]): Promise<void> {
    if (this.workTree === undefined || paths.length === 0) return;
    await expectOutput(this.#run, ["-C", this.workTree, "add", "--", ...paths]);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async #expect(oid: string, type: ObjectType): Promise<GitObject> {
    const object = await this.readObject(oid);
    if (object?.type === type) return object;
    const found = object === undefined ? "is not in the repository" : `is a ${object.type}`;
    throw new EngineError("object-missing", `Git object ${oid} should be a ${type}, but ${found}`, {
      hint: FSCK,
    });
  }

  /** Peels tags of tags, of which Git itself shows the first target only. */
  async #peel(refs: RefMap): Promise<RefMap> {
    const peeled = new Map<string, RefInfo>(refs);
    for (const [ref, info] of refs) {
      let { peeled: oid, peeledType: type } = info;
      for (let depth = 0; type === "tag" && depth < 10; depth++)
        ({ object: oid, type } = await this.readTag(oid));
      if (oid !== info.peeled) peeled.set(ref, { ...info, peeled: oid, peeledType: type });
    }
    return peeled;
  }
}
