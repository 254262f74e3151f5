import type { AttachedProfile } from "../model/cluster.ts";
import type { Problem } from "../model/errors.ts";
import { findAutoscaled } from "../render/autoscaled.ts";
import { type ApprovalResult, approvalOf } from "../repo/locks/approvals.ts";
import { computeRelease } from "../repo/compute-release.ts";
import { clusterDir, lockFile } from "../repo/paths.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import type { NewRevision } from "../repo/versions/plan-release.ts";
import { createRenderer, type Renderer } from "./render-cluster.ts";

/**
 * Everything wrong with a repository that can be seen without a cluster: schemas, references, names, tags, locks,
 * manifests and duplicate objects. Problems come in the order of files. `requireLock` makes a missing lock entry an
 * error. What main declares and nobody released yet counts as released: an engine does so before it looks at clusters.
 */
export async function checkState(
  reader: StateReader,
  state: RepoState,
  options: { readonly requireLock?: boolean | undefined } = {},
): Promise<Problem[]> {
  const { snapshot } = state;
  const renderer = createRenderer(reader);
  const release = await computeRelease(reader, state);
  // One that is made of a lock leaves the version's tag alone
  const coming = release.revisions.filter(({ tag }) => tag !== undefined);
  const problems: Problem[] = [...snapshot.problems];
  for (const profile of snapshot.profiles.values()) {
    problems.push(...profile.problems);
    if (profile.profile === undefined) continue;
    const rendered = await renderer.profile(profile.name, profile.tree, snapshot.settings.spec);
    problems.push(...rendered.problems, ...findAutoscaled(rendered.steps.flat()));
  }
  for (const cluster of snapshot.clusters.values()) {
    problems.push(...cluster.problems);
    if (cluster.cluster !== undefined)
      problems.push(...(await checkCluster({ reader, renderer, state, coming }, cluster, options)));
  }
  problems.push(...release.conditions);
  return unique(problems).map((problem) => ({ ...problem, severity: problem.severity ?? "error" }));
}

interface CheckContext {
  readonly reader: StateReader;
  readonly renderer: Renderer;
  readonly state: RepoState;
  /** What the next release makes current. */
  readonly coming: readonly NewRevision[];
}

async function checkCluster(
  context: CheckContext,
  entry: ClusterEntry,
  { requireLock }: { readonly requireLock?: boolean | undefined },
): Promise<Problem[]> {
  const { renderer, state } = context;
  const attached = entry.cluster?.spec.profiles ?? [];
  const results = await Promise.all(attached.map((profile) => comingApproval(context, entry, profile)));
  const problems = results.flatMap((result) => ("problem" in result ? [result.problem] : []));
  const approvals = results.filter((result) => "tree" in result);
  for (const approval of approvals) {
    if (approval.from === "lock") continue;
    problems.push({
      code: "lock-missing",
      message: `the lock names no content for ${approval.profile}@${approval.version}`,
      file: entry.lockText === undefined ? clusterDir(entry.name) : lockFile(entry.name),
      hint: "run `strata lock --commit`; a running engine does it by itself",
      severity: requireLock === true ? "error" : "warning",
    });
  }
  const rendered = await renderer.cluster(entry, approvals, state.snapshot.settings.spec);
  return [...problems, ...rendered.problems, ...findAutoscaled(rendered.steps?.flat() ?? [])];
}

/** The approval of one attached profile once the next release is made. */
async function comingApproval(
  { reader, state, coming }: CheckContext,
  entry: ClusterEntry,
  attached: AttachedProfile,
): Promise<ApprovalResult> {
  const approval = await approvalOf(reader, state, entry, attached);
  const { name: profile, version } = attached;
  const next = coming.findLast((one) => one.profile === profile && one.version === version);
  if (next === undefined || "tree" in approval || approval.problem.code === "lock-content-unknown")
    return approval;
  return { profile, version, tree: next.tree, revision: undefined, from: "current" };
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((problem) => [JSON.stringify({ ...problem, severity: undefined }), problem]),
  );
  return [...seen.values()];
}
