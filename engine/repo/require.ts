import { EngineError } from "../model/errors.ts";
import type { Cluster } from "../model/cluster.ts";
import { nameProblem } from "../model/names.ts";
import type { Profile } from "../model/profile.ts";
import { versionProblem } from "../model/version.ts";
import { clusterFile, profileFile } from "./paths.ts";
import type { ClusterEntry, ProfileEntry, Snapshot } from "./snapshot.ts";
import type { RepoState } from "./state.ts";
import {
  currentRevision,
  isDeleted,
  type Revision,
  type VersionState,
  versionState,
} from "./versions/types.ts";

/** Throws `name-invalid` where a name breaks the rules for profiles, layers and clusters. */
export function requireName(name: string, what: string): void {
  const message = nameProblem(name);
  if (message !== undefined) throw new EngineError("name-invalid", `${message} (name of a ${what})`);
}

/** Throws `version-invalid` with the reason. */
export function requireVersionText(version: string): void {
  const message = versionProblem(version);
  if (message !== undefined) throw new EngineError("version-invalid", message);
}

export function requireCluster(
  snapshot: Snapshot,
  name: string,
): ClusterEntry & { readonly cluster: Cluster } {
  const entry = snapshot.clusters.get(name);
  if (entry === undefined) {
    throw new EngineError("cluster-unknown", `there is no cluster "${name}"`, {
      hint: `clusters: ${listOf([...snapshot.clusters.keys()])}`,
    });
  }
  const { cluster } = entry;
  if (cluster === undefined) {
    throw new EngineError("cluster-invalid", `${clusterFile(name)} is not valid`, {
      problems: entry.problems,
      file: clusterFile(name),
    });
  }
  return { ...entry, cluster };
}

/** A cluster that users may change: one that is being deleted is left alone. Throws `cluster-deleting` too. */
export function requireLasting(
  snapshot: Snapshot,
  name: string,
): ClusterEntry & { readonly cluster: Cluster } {
  const entry = requireCluster(snapshot, name);
  if (entry.cluster.spec.deletion === undefined) return entry;
  throw new EngineError("cluster-deleting", `cluster "${name}" is being deleted`, {
    hint: "revert the commit that asked for it, if it is to stay",
  });
}

export function requireProfile(
  snapshot: Snapshot,
  name: string,
): ProfileEntry & { readonly profile: Profile } {
  const entry = snapshot.profiles.get(name);
  if (entry === undefined) {
    throw new EngineError("profile-unknown", `main has no profile "${name}"`, {
      hint: `profiles: ${listOf([...snapshot.profiles.keys()])}`,
    });
  }
  const { profile } = entry;
  if (profile === undefined) {
    throw new EngineError("profile-invalid", `${profileFile(name)} is not valid`, {
      problems: entry.problems,
      file: profileFile(name),
    });
  }
  return { ...entry, profile };
}

/** The state and current revision of a version that can be used. Throws `version-invalid`, `profile-unknown`, `version-unknown` or `version-deleted`. */
export function requireVersion(
  state: RepoState,
  profile: string,
  version: string,
): { readonly state: VersionState; readonly current: Revision } {
  requireVersionText(version);
  const found = versionState(state.versions, profile, version);
  const current = currentRevision(found);
  if (found !== undefined && current !== undefined) return { state: found, current };
  const name = `${profile}@${version}`;
  if (found !== undefined && isDeleted(found)) {
    throw new EngineError("version-deleted", `${name} was deleted`, {
      hint: `\`strata profile restore ${name}\` brings it back`,
    });
  }
  const usable = [...(state.versions.get(profile)?.values() ?? [])].filter(
    (one) => currentRevision(one) !== undefined,
  );
  if (usable.length === 0 && !state.snapshot.profiles.has(profile)) {
    const profiles = [...new Set([...state.versions.keys(), ...state.snapshot.profiles.keys()])];
    throw new EngineError("profile-unknown", `there is no profile "${profile}"`, {
      hint: `profiles: ${listOf(profiles)}`,
    });
  }
  throw new EngineError("version-unknown", `profile "${profile}" has no released version ${version}`, {
    hint: `versions: ${listOf(usable.map((one) => one.version))}; \`strata release\` releases what main declares`,
  });
}

/** One revision of a version by number. Throws `revision-unknown`. */
export function requireRevision(state: VersionState, number: number): Revision {
  const revision = state.revisions.find((candidate) => candidate.number === number);
  if (revision !== undefined) return revision;
  throw new EngineError("revision-unknown", `${state.profile}@${state.version} has no revision ${number}`, {
    hint: `revisions: ${listOf(state.revisions.map((one) => String(one.number)))}`,
  });
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return "none yet";
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
