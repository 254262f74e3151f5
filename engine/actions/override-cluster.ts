import { isDeepStrictEqual } from "node:util";
import type { FleetState } from "../fleet/fleet-state.ts";
import { gatherPlan } from "../fleet/plan-update.ts";
import type { ProfileOverrides } from "../fleet/read-overrides.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import { dropPaths, layOver } from "../merge/index.ts";
import { EngineError } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { shellWord } from "../model/shell-word.ts";
import { choosePath, fullPath } from "../plan/choose-path.ts";
import { layerText, overrideFiles } from "../plan/layer-files.ts";
import { mergedPaths } from "../plan/resolve-overrides.ts";
import { type LayerSide, type PlanInput, type PlanLayerInput } from "../plan/make-plan.ts";
import { markOverridden, type OverrideMarks } from "../plan/overridden-lines.ts";
import { readEditedFiles, refuseEmpty, takenApart } from "../plan/read-edited.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { type Approval, approvalOf } from "../repo/locks/approvals.ts";
import { unmergedEntry } from "../repo/locks/fill-locks.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { lockFile } from "../repo/paths.ts";
import { requireLasting } from "../repo/require.ts";
import type { Repository } from "../repo/repository.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState } from "../repo/state.ts";
import { splitFiles, type TextFile } from "../yaml/index.ts";
import { withEntry } from "./cluster-profiles.ts";
import { refuseBroken } from "./refuse-broken.ts";
import { dropSubject, overrideSubject } from "./override-subject.ts";
import { mergedEntry, overrideEdits } from "./override-edits.ts";

/** A layer of a profile as one cluster runs it. */
export interface ClusterLayer {
  readonly cluster: string;
  readonly profile: string;
  readonly layer: string;
  /** One file of it; left out for all of them as one text. */
  readonly file?: string | undefined;
}

export interface ShownLayer extends OverrideMarks {
  readonly text: string;
}

interface Found {
  readonly entry: ClusterEntry;
  readonly approval: Approval;
  readonly input: PlanInput;
  readonly layer: PlanLayerInput;
  readonly base: LayerSide;
  readonly overrides: ProfileOverrides;
  /** The layer's files with the override over them. */
  readonly shown: readonly TextFile[];
}

/**
 * The text of a layer as the cluster runs it, for people to read and edit. Values of Secrets stand in it.
 * Throws `cluster-unknown`, `profile-not-attached`, `layer-unknown`, `file-unknown`.
 */
export async function readClusterLayer(
  repo: Repository,
  target: ClusterLayer,
  { signal }: { readonly signal: AbortSignal },
): Promise<ShownLayer> {
  const { base, shown } = await find(repo, await repo.load(signal), target);
  const [profile, text] = [base.files, shown].map((files) => textOf(files, target.file));
  return { text: text ?? "", ...markOverridden(profile ?? "", text ?? "") };
}

/**
 * Makes a cluster run an edited text of a layer: what differs from the profile becomes its override, as small as it can
 * be. Throws what {@link readClusterLayer} throws, `edit-unchanged`, `edit-of-comments`, and `edit-invalid` with all
 * that is wrong.
 */
export function overrideCluster(
  repo: Repository,
  target: ClusterLayer & { readonly content: string },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return changeOverride(repo, target, options, (found) => {
    const { shown, base, layer, input } = found;
    refuseOrphans(input, layer);
    const { file, content } = target;
    textOf(shown, file);
    refuseEmpty(content);
    const edited =
      file === undefined
        ? takenApart(() => splitFiles(shown, content).files)
        : shown.map((one) => (one.path === file ? { ...one, text: content } : one));
    if (isDeepStrictEqual(edited, shown)) throw unchanged();
    const objects = readEditedFiles(shown, edited);
    const { schemaOf } = input;
    const after = layOver({ base: base.objects, override: layer.override, edited: objects, schemaOf });
    if (isDeepStrictEqual(after, layer.override)) throw commentsOnly();
    const { cluster } = target;
    const before = layer.override;
    return { after, subject: overrideSubject({ cluster, base: base.objects, before, after, schemaOf }) };
  });
}

/** Gives places of a layer back to the profile. Throws `path-unknown`, `path-ambiguous` beside what reading throws. */
export function removeOverrides(
  repo: Repository,
  target: ClusterLayer & { readonly paths: readonly string[] },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return changeOverride(repo, target, options, ({ layer, input }) => {
    const known = layer.merged.map(({ object, path }) => ({ layer: layer.name, object, path }));
    const chosen = target.paths.map((text) => choosePath(known, text));
    return {
      after: dropPaths(layer.override, chosen, input.schemaOf),
      subject: dropSubject(target.cluster, chosen),
    };
  });
}

function changeOverride(
  repo: Repository,
  target: ClusterLayer,
  options: ChangeOptions,
  compute: (found: Found) => { readonly after: readonly KubeObject[]; readonly subject: string },
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const found = await find(repo, state, target);
      const { entry, approval, input, overrides } = found;
      const { cluster, profile, layer } = target;
      const { after, subject } = compute(found);
      const { edits, remain } = overrideEdits({ cluster, profile }, overrides, new Map([[layer, after]]));
      const unmerged = await unmergedEntry(repo.reader, state, entry, approval);
      const merged = input.layers.flatMap((one) =>
        mergedPaths(one.name === layer ? { ...one, override: after } : one, input),
      );
      const hasOrphans = merged.some(({ state: mergeState }) => mergeState === "orphaned");
      const locked = hasOrphans ? unmerged : mergedEntry(unmerged, remain);
      return {
        edits: new Map([...edits, [lockFile(cluster), formatLock(withEntry(entry.lock, profile, locked))]]),
        subject,
        trailers: [
          ["Strata-Cluster", cluster],
          ["Strata-Profile", `${profile}@${input.version}`],
        ],
        clusters: [cluster],
      };
    },
    options,
  );
}

async function find(repo: Repository, state: RepoState, target: ClusterLayer): Promise<Found> {
  const entry = requireLasting(state.snapshot, target.cluster);
  const attached = entry.cluster.spec.profiles.find(({ name }) => name === target.profile);
  if (attached === undefined) {
    throw new EngineError(
      "profile-not-attached",
      `cluster "${target.cluster}" does not have profile "${target.profile}"`,
      { hint: `it has ${entry.cluster.spec.profiles.map(({ name }) => name).join(", ") || "none"}` },
    );
  }
  const approval = await approvalOf(repo.reader, state, entry, attached);
  if ("problem" in approval)
    throw new EngineError(approval.problem.code, approval.problem.message, approval.problem);
  const fleet: FleetState = { reader: repo.reader, renderer: createRenderer(repo.reader), state };
  const { version, tree, revision } = approval;
  // What is approved stays: the plan leads from it to itself
  const input = await gatherPlan(fleet, entry, approval, {
    version,
    tree,
    revision: revision?.number ?? null,
  });
  refuseBroken(input);
  const layer = input.layers.find(({ name }) => name === target.layer);
  const base = layer?.target;
  if (layer === undefined) throw unknownLayer(input, target.layer);
  const overrides = await fleet.renderer.overrides(entry, target.profile);
  const shown = base === undefined ? [] : overrideFiles(base.files, layer.fitting, input.schemaOf);
  return {
    entry,
    approval,
    input,
    layer,
    base: base ?? { files: [], objects: [], places: [] },
    overrides,
    shown,
  };
}

function textOf(files: readonly TextFile[], file: string | undefined): string {
  if (file === undefined) return layerText(files);
  const found = files.find(({ path }) => path === file);
  if (found !== undefined) return found.text;
  throw new EngineError("file-unknown", `the layer has no file "${file}"`, {
    hint: `files: ${files.map(({ path }) => path).join(", ") || "none"}`,
  });
}

/** What has no place would be lost in an edit of what is shown. */
function refuseOrphans({ cluster, profile }: PlanInput, { name, merged }: PlanLayerInput): void {
  const orphan = merged.find(({ state }) => state === "orphaned");
  if (orphan === undefined) return;
  const path = fullPath(orphan);
  throw new EngineError(
    "override-orphaned",
    `the override of ${path} changes what the profile does not have`,
    {
      object: path,
      hint: `decide about it first: strata cluster override ${cluster} ${profile}/${name} --remove ${shellWord(path)}`,
    },
  );
}

function unknownLayer({ profile, version, layers }: PlanInput, layer: string): EngineError {
  return new EngineError("layer-unknown", `${profile}@${version} has no layer "${layer}"`, {
    hint: `layers: ${layers.map(({ name }) => name).join(", ") || "none"}`,
  });
}

function unchanged(): EngineError {
  return new EngineError("edit-unchanged", "the text is as the cluster has it: nothing to override");
}

function commentsOnly(): EngineError {
  return new EngineError("edit-of-comments", "the edit changes comments or formatting alone", {
    hint: "an override keeps values; write the comment into the override's own file, or into the profile",
  });
}
