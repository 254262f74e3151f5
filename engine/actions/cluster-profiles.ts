import { deletionByDetaching } from "../fleet/listed-deletion.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import { withDeletion } from "../fleet/view-plans.ts";
import { EngineError } from "../model/errors.ts";
import type { Lock, LockEntry } from "../model/lock.ts";
import { makePlan } from "../plan/make-plan.ts";
import { editYaml } from "../yaml/index.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { moveLock } from "../repo/locks/move-lock.ts";
import { clusterFile, lockFile, overridesDir } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import { carryOverrides } from "./carry-overrides.ts";
import { type Choice, chooseEntry } from "./choose-tree.ts";
import { deletionFates } from "./describe-deletion.ts";
import { describeEntry, describeMove } from "./describe-entry.ts";
import { outcomeLines } from "./outcomes.ts";
import { requireLasting } from "../repo/require.ts";

/**
 * Chooses a version for a profile that the cluster has attached; its overrides are merged with it, without the paths
 * in `drop`. Throws `profile-not-attached`, `override-orphaned`, and what {@link chooseEntry} throws.
 */
export function useVersion(
  repo: Repository,
  args: Choice & { readonly cluster: string; readonly drop?: readonly string[] | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state) => {
      const entry = requireLasting(state.snapshot, args.cluster);
      const index = entry.cluster.spec.profiles.findIndex((attached) => attached.name === args.profile);
      const attached = entry.cluster.spec.profiles[index];
      if (attached === undefined) {
        throw new EngineError(
          "profile-not-attached",
          `cluster "${args.cluster}" does not have profile "${args.profile}"`,
          {
            hint: `attach it with \`strata cluster attach ${args.cluster} ${args.profile}@${args.version}\``,
          },
        );
      }
      const chosen = await chooseEntry(repo.reader, state, args.cluster, args);
      const { profile } = args;
      const carried = await carryOverrides(repo.reader, state, { entry, attached, chosen }, args.drop ?? []);
      const before = entry.lock.profiles[args.profile];
      const { overrides } = carried;
      const title = describeMove(profile, before, chosen);
      const path = ["spec", "profiles", index, "version"];
      const text = editYaml(entry.text, [{ op: "set", path, value: args.version }]);
      return {
        edits: new Map([
          ...carried.edits,
          [clusterFile(args.cluster), text],
          [
            lockFile(args.cluster),
            formatLock(withEntry(entry.lock, profile, carried.locked, carried.deletion?.id)),
          ],
        ]),
        subject: `Run ${describeEntry(args.profile, chosen)} on ${args.cluster}`,
        body: outcomeLines([{ cluster: args.cluster, profile, title, overrides }]).join("\n"),
        trailers: trailers(args.cluster, args.profile, args.version),
        clusters: [args.cluster],
        plans: () => [withDeletion(makePlan(carried.plan), carried.deletion)],
        notes: [
          ...(before === undefined ? [] : [`before: ${describeEntry(args.profile, before)}`]),
          ...overrides.map((one) => one.text),
        ],
      };
    },
    options,
  );
}

/** Attaches a profile that the cluster does not have yet. Throws `profile-attached`. */
export function attachProfile(
  repo: Repository,
  args: Choice & { readonly cluster: string },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state) => {
      const entry = requireLasting(state.snapshot, args.cluster);
      const attached = entry.cluster.spec.profiles.find((profile) => profile.name === args.profile);
      if (attached !== undefined) {
        throw new EngineError(
          "profile-attached",
          `cluster "${args.cluster}" already runs ${args.profile}@${attached.version}`,
          {
            hint: `choose a version with \`strata cluster use ${args.cluster} ${args.profile}@${args.version}\``,
          },
        );
      }
      const chosen = await chooseEntry(repo.reader, state, args.cluster, args);
      const value = { name: args.profile, version: args.version };
      const text = editYaml(entry.text, [{ op: "append", path: ["spec", "profiles"], value }]);
      return {
        edits: new Map([
          [clusterFile(args.cluster), text],
          [lockFile(args.cluster), formatLock(withEntry(entry.lock, args.profile, chosen))],
        ]),
        subject: `Attach ${describeEntry(args.profile, chosen)} to ${args.cluster}`,
        trailers: trailers(args.cluster, args.profile, args.version),
        clusters: [args.cluster],
      };
    },
    options,
  );
}

/** Detaches a profile: its objects leave the cluster at the next sync. Throws `profile-not-attached`. */
export function detachProfile(
  repo: Repository,
  args: { readonly cluster: string; readonly profile: string },
  options: ChangeOptions,
): Promise<ChangeResult> {
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const entry = requireLasting(state.snapshot, args.cluster);
      const index = entry.cluster.spec.profiles.findIndex((attached) => attached.name === args.profile);
      if (index === -1) {
        throw new EngineError(
          "profile-not-attached",
          `cluster "${args.cluster}" does not have profile "${args.profile}"`,
          {
            hint: `it has ${entry.cluster.spec.profiles.map((one) => one.name).join(", ") || "none"}`,
          },
        );
      }
      const text = editYaml(entry.text, [{ op: "remove", path: ["spec", "profiles", index] }]);
      const { [args.profile]: _gone, ...profiles } = entry.lock.profiles;
      const fleet = { reader: repo.reader, renderer: createRenderer(repo.reader), state };
      const deletion = await deletionByDetaching(fleet, entry, args.profile);
      const outcome = { ...args, title: `${args.profile} goes`, overrides: deletionFates(deletion) };
      const lines = deletion === undefined ? [] : outcomeLines([outcome]);
      return {
        edits: new Map([
          [clusterFile(args.cluster), text],
          [lockFile(args.cluster), formatLock(moveLock(entry.lock, profiles, deletion?.id))],
          ...(entry.overrides.has(args.profile)
            ? [[overridesDir(args.cluster, args.profile), null] as const]
            : []),
        ]),
        subject: `Detach ${args.profile} from ${args.cluster}`,
        body: lines.join("\n"),
        trailers: [
          ["Strata-Cluster", args.cluster],
          ["Strata-Profile", args.profile],
        ],
        clusters: [args.cluster],
        notes: [
          ...lines,
          ...(entry.overrides.has(args.profile)
            ? ["its overrides go too; `strata cluster rollback` brings them back"]
            : []),
        ],
      };
    },
    options,
  );
}

/** The lock with this entry. @param approved the id of the mass deletion that goes with it */
export function withEntry(lock: Lock, profile: string, entry: LockEntry, approved?: string): Lock {
  return moveLock(lock, { ...lock.profiles, [profile]: entry }, approved);
}

function trailers(cluster: string, profile: string, version: string): [string, string][] {
  return [
    ["Strata-Cluster", cluster],
    ["Strata-Profile", `${profile}@${version}`],
  ];
}
