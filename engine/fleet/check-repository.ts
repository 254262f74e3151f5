import type { Problem } from "../model/errors.ts";
import { findAutoscaled } from "../render/autoscaled.ts";
import { approvalOf } from "../repo/locks/approvals.ts";
import { computeRelease } from "../repo/compute-release.ts";
import { clusterDir, lockFile } from "../repo/paths.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { createRenderer, type Renderer } from "./render-cluster.ts";

/**
 * Everything wrong with a repository that can be seen without a cluster: schemas, references, names, tags, locks,
 * manifests and duplicate objects. Problems come in the order of files. `requireLock` makes a missing lock entry an error.
 */
export async function checkState(
  reader: StateReader,
  state: RepoState,
  options: { readonly requireLock?: boolean | undefined } = {},
): Promise<Problem[]> {
  const { snapshot } = state;
  const renderer = createRenderer(reader);
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
      problems.push(...(await checkCluster(reader, renderer, state, cluster, options.requireLock === true)));
  }
  problems.push(...(await computeRelease(reader, state)).conditions);
  return unique(problems).map((problem) => ({ ...problem, severity: problem.severity ?? "error" }));
}

async function checkCluster(
  reader: StateReader,
  renderer: Renderer,
  state: RepoState,
  entry: ClusterEntry,
  requireLock: boolean,
): Promise<Problem[]> {
  const attached = entry.cluster?.spec.profiles ?? [];
  const results = await Promise.all(attached.map((profile) => approvalOf(reader, state, entry, profile)));
  const problems = results.flatMap((result) => ("problem" in result ? [result.problem] : []));
  const approvals = results.filter((result) => "tree" in result);
  for (const approval of approvals) {
    if (approval.from === "lock") continue;
    problems.push({
      code: "lock-missing",
      message: `the lock names no content for ${approval.profile}@${approval.version}`,
      file: entry.lockText === undefined ? clusterDir(entry.name) : lockFile(entry.name),
      hint: "run `strata lock --commit`; a running engine does it by itself",
      severity: requireLock ? "error" : "warning",
    });
  }
  const rendered = await renderer.cluster(entry, approvals, state.snapshot.settings.spec);
  return [...problems, ...rendered.problems, ...findAutoscaled(rendered.steps?.flat() ?? [])];
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((problem) => [JSON.stringify({ ...problem, severity: undefined }), problem]),
  );
  return [...seen.values()];
}
