import { EngineError } from "../model/errors.ts";
import { tagProblem } from "../model/names.ts";
import { type Edit, editYaml } from "../yaml/index.ts";
import type { ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { clusterFile, profileFile } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import { requireCluster, requireProfile } from "../repo/require.ts";

type Kind = "cluster" | "profile";
type Operation = "tag" | "untag";

interface Target {
  readonly kind: Kind;
  readonly name: string;
  readonly tags: readonly string[];
}

export function tagCluster(
  repo: Repository,
  args: { cluster: string; tags: readonly string[] },
  options: ChangeOptions,
) {
  return changeTags(repo, "tag", { kind: "cluster", name: args.cluster, tags: args.tags }, options);
}
export function untagCluster(
  repo: Repository,
  args: { cluster: string; tags: readonly string[] },
  options: ChangeOptions,
) {
  return changeTags(repo, "untag", { kind: "cluster", name: args.cluster, tags: args.tags }, options);
}
export function tagProfile(
  repo: Repository,
  args: { profile: string; tags: readonly string[] },
  options: ChangeOptions,
) {
  return changeTags(repo, "tag", { kind: "profile", name: args.profile, tags: args.tags }, options);
}
export function untagProfile(
  repo: Repository,
  args: { profile: string; tags: readonly string[] },
  options: ChangeOptions,
) {
  return changeTags(repo, "untag", { kind: "profile", name: args.profile, tags: args.tags }, options);
}

/** Adds or removes `metadata.tags` on main. Tags that are there (or gone) already change nothing. Throws `tag-invalid`. */
async function changeTags(
  repo: Repository,
  operation: Operation,
  target: Target,
  options: ChangeOptions,
): Promise<ChangeResult> {
  for (const tag of target.tags) {
    const message = tagProblem(tag);
    if (message !== undefined) throw new EngineError("tag-invalid", message);
  }
  return commitChange(
    repo,
    async (state) => {
      const { file, text, tags } = readTarget(state, target);
      const edits = operation === "tag" ? additions(tags, target.tags) : removals(tags, target.tags);
      const list = target.tags.join(", ");
      return {
        edits: edits.length === 0 ? new Map() : new Map([[file, editYaml(text, edits)]]),
        subject:
          operation === "tag" ? `Tag ${target.name} with ${list}` : `Remove tag ${list} from ${target.name}`,
        trailers: [[target.kind === "cluster" ? "Strata-Cluster" : "Strata-Profile", target.name]],
        clusters: target.kind === "cluster" ? [target.name] : [],
      };
    },
    options,
  );
}

function readTarget(
  state: RepoState,
  target: Target,
): { file: string; text: string; tags: readonly string[] } {
  if (target.kind === "cluster") {
    const entry = requireCluster(state.snapshot, target.name);
    return { file: clusterFile(target.name), text: entry.text, tags: entry.cluster.metadata.tags };
  }
  const entry = requireProfile(state.snapshot, target.name);
  return { file: profileFile(target.name), text: entry.text, tags: entry.profile.metadata.tags };
}

function additions(tags: readonly string[], wanted: readonly string[]): Edit[] {
  const missing = [...new Set(wanted)].filter((tag) => !tags.includes(tag));
  if (missing.length === 0) return [];
  if (tags.length === 0) return [{ op: "set", path: ["metadata", "tags"], value: missing }];
  return missing.map((value) => ({ op: "append", path: ["metadata", "tags"], value }));
}

function removals(tags: readonly string[], unwanted: readonly string[]): Edit[] {
  const indexes = tags.flatMap((tag, index) => (unwanted.includes(tag) ? [index] : []));
  if (indexes.length === tags.length && tags.length > 0)
    return [{ op: "remove", path: ["metadata", "tags"] }];
  return indexes.toReversed().map((index) => ({ op: "remove", path: ["metadata", "tags", index] }));
}
