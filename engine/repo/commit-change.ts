import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "../model/errors.ts";
import type { AskedRevision, Change, ChangeOptions, ChangeResult } from "./change.ts";
import { commitMessage } from "./commit-message.ts";
import { computeRelease, writeRevisions } from "./compute-release.ts";
import type { RefInfo, RefMap, RefUpdate } from "./git/types.ts";
import { MAIN_REF, parseRef, versionTagRef } from "./paths.ts";
import type { Repository } from "./repository.ts";
import { safePatch } from "./safe-patch.ts";
import type { RepoState } from "./state.ts";
import { encodeRevision } from "./versions/revision-message.ts";
import { versionState } from "./versions/types.ts";

const MAX_ATTEMPTS = 60;

interface Prepared {
  readonly commit: string | null;
  readonly base: string | null;
  readonly diff: string;
  readonly updates: readonly RefUpdate[];
}

/**
 * Carries out one intention as one commit, with the revisions that release on push finds in it, in one
 * compare-and-swap. Who loses a race plans again on the new state; where the same file changed meanwhile it is
 * `change-conflict`, unless the change follows from the state alone. Throws what `plan` throws, `git-identity-missing`,
 * `dirty-files`, `push-refused`.
 */
export async function commitChange(
  repo: Repository,
  plan: (state: RepoState) => Promise<Change>,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const author = options.author ?? (await repo.git.identity());
  for (let attempt = 1; ; attempt++) {
    const state = await repo.load(options.signal);
    const change = await plan(state);
    const prepared = await prepare(repo, state, change, author, options);
    const result = describe(change, prepared, options);
    if (options.dryRun === true || prepared.updates.every((update) => update.from === update.to))
      return result;
    try {
      await repo.move(prepared.updates, options.signal);
      return result;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "ref-race" || attempt === MAX_ATTEMPTS)
        throw error;
      if (change.isDerived !== true) await assertUntouched(repo, state, change, options.signal);
      await delay(Math.random() * 20 * Math.min(attempt, 10), undefined, { signal: options.signal });
    }
  }
}

async function prepare(
  repo: Repository,
  state: RepoState,
  change: Change,
  author: { name: string; email: string },
  options: ChangeOptions,
): Promise<Prepared> {
  const { git, reader } = repo;
  const base = change.branch?.base ?? state.main;
  const ref = change.branch?.ref ?? MAIN_REF;
  const baseTree = base === null ? null : (await git.readCommit(base)).tree;
  const tree = await git.updateTree(baseTree, change.edits);
  const now = new Date();
  const edited = tree !== baseTree && change.edits.size > 0;
  const commit = edited ? await writeCommit(repo, change, base, tree, author, now, options.message) : null;
  const updates: RefUpdate[] = [];
  if (commit !== null) updates.push({ ref, from: state.refs.get(ref)?.oid ?? null, to: commit });
  if (ref !== MAIN_REF || commit === null) updates.push({ ref: MAIN_REF, from: state.main, to: state.main });
  for (const { ref: name, from, to } of change.refs ?? []) updates.push({ ref: name, from, to });
  const after = await reader.read(applyUpdates(state.refs, updates));
  const profiles = touchedProfiles(change);
  const scope = { profiles, ...(change.insist === undefined ? {} : { insist: change.insist }) };
  const release = await computeRelease(reader, after, scope);
  updates.push(...(await writeRevisions(reader, release.revisions, now, author)));
  for (const asked of change.revisions ?? [])
    updates.push(...(await askRevision(repo, state, asked, author, now, change)));
  const diff = edited ? await safePatch(git, baseTree, tree) : "";
  return { commit, base, diff, updates };
}

async function writeCommit(
  repo: Repository,
  change: Change,
  base: string | null,
  tree: string,
  author: { name: string; email: string },
  now: Date,
  message: string | undefined,
): Promise<string> {
  const signature = { ...author, time: Math.floor(now.getTime() / 1000), zone: now.getTimezoneOffset() };
  const parents = base === null ? [] : [base];
  return repo.git.writeCommit({
    tree,
    parents,
    author: signature,
    committer: signature,
    message: commitMessage(change, message),
  });
}

/** The refs as they will be once `updates` are through, so that a release is planned from what the commit makes. */
function applyUpdates(refs: RefMap, updates: readonly RefUpdate[]): RefMap {
  const after = new Map<string, RefInfo>(refs);
  for (const { ref, from, to } of updates) {
    if (from === to) continue;
    if (to === null) after.delete(ref);
    else after.set(ref, { oid: to, type: "commit", peeled: to, peeledType: "commit" });
  }
  return after;
}

function touchedProfiles(change: Change): Set<string> {
  const profiles = new Set<string>();
  for (const path of change.edits.keys()) {
    const [folder, name] = path.split("/");
    if (folder === "profiles" && name !== undefined) profiles.add(name);
  }
  for (const name of change.insist ?? []) profiles.add(name.split("@")[0] ?? name);
  const branch = change.branch === undefined ? undefined : parseRef(change.branch.ref);
  if (branch !== undefined) profiles.add(branch.profile);
  return profiles;
}

async function askRevision(
  repo: Repository,
  state: RepoState,
  asked: AskedRevision,
  author: { name: string; email: string },
  now: Date,
  change: Change,
): Promise<RefUpdate[]> {
  const versions = versionState(state.versions, asked.profile, asked.version);
  const number = (versions?.revisions.at(-1)?.number ?? 0) + 1;
  const ref = `refs/tags/revisions/${asked.profile}/${asked.version}/${number}`;
  const message = encodeRevision({ source: "tag", event: asked.event, message: change.subject });
  const tagger = { ...author, time: Math.floor(now.getTime() / 1000), zone: now.getTimezoneOffset() };
  const name = ref.slice("refs/tags/".length);
  const tag = await repo.git.writeTag({ object: asked.commit, type: "commit", name, tagger, message });
  const tagRef = versionTagRef(asked.profile, asked.version);
  const from = state.refs.get(tagRef)?.oid ?? null;
  return [
    { ref, from: null, to: tag },
    { ref: tagRef, from, to: asked.tagTo },
  ];
}

async function assertUntouched(
  repo: Repository,
  planned: RepoState,
  change: Change,
  signal: AbortSignal,
): Promise<void> {
  const now = await repo.load(signal);
  if (
    now.snapshot.tree === planned.snapshot.tree ||
    planned.snapshot.tree === null ||
    now.snapshot.tree === null
  )
    return;
  const changed = await repo.git.diff(planned.snapshot.tree, now.snapshot.tree);
  const clash = changed.find(({ path }) =>
    [...change.edits.keys()].some((edit) => path === edit || path.startsWith(`${edit}/`)),
  );
  if (clash === undefined) return;
  throw new EngineError("change-conflict", `${clash.path} was changed by someone else at the same moment`, {
    file: clash.path,
    hint: "look at the new state and say it again",
  });
}

function describe(change: Change, prepared: Prepared, options: ChangeOptions): ChangeResult {
  const moved = prepared.updates.filter((update) => update.from !== update.to);
  return {
    commit: options.dryRun === true ? null : prepared.commit,
    diff: prepared.diff,
    refs: moved.map(({ ref, from, to }) => ({ name: ref, from, to })),
    subject: options.message ?? change.subject,
    plans: options.dryRun === true ? (change.plans?.() ?? []) : [],
    notes: [...(change.notes ?? []), ...(moved.length === 0 ? ["nothing to change"] : [])],
    clusters: change.clusters,
    warnings: change.warnings ?? [],
  };
}
