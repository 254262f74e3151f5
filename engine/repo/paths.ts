/** Names of files and refs in a Strata repository: the one place that spells them. */
export const SETTINGS_FILE = "strata.yaml";
export const MAIN_REF = "refs/heads/main";

export function profileDir(profile: string): string {
  return `profiles/${profile}`;
}
export function profileFile(profile: string): string {
  return `profiles/${profile}/profile.yaml`;
}
export function clusterDir(cluster: string): string {
  return `clusters/${cluster}`;
}
export function clusterFile(cluster: string): string {
  return `clusters/${cluster}/cluster.yaml`;
}
export function lockFile(cluster: string): string {
  return `clusters/${cluster}/strata.lock`;
}

/** The directory of a cluster's overrides, or of those of one profile. */
export function overridesDir(cluster: string, profile?: string): string {
  return profile === undefined ? `clusters/${cluster}/overrides` : `clusters/${cluster}/overrides/${profile}`;
}

const VERSION_TAGS = "refs/tags/profiles/";
const REVISION_TAGS = "refs/tags/revisions/";
const VERSION_BRANCHES = "refs/heads/versions/";

export function versionTagRef(profile: string, version: string): string {
  return `${VERSION_TAGS}${profile}/${version}`;
}
export function revisionTagRef(profile: string, version: string, revision: number): string {
  return `${REVISION_TAGS}${profile}/${version}/${revision}`;
}
export function versionBranchRef(profile: string, version: string): string {
  return `${VERSION_BRANCHES}${profile}/${version}`;
}

/** What a ref means to Strata. */
export type RefRole =
  | { readonly role: "version"; readonly profile: string; readonly version: string }
  | { readonly role: "branch"; readonly profile: string; readonly version: string }
  | {
      readonly role: "revision";
      readonly profile: string;
      readonly version: string;
      readonly number: number;
    };

/** Reads the role of a ref from its full name; undefined for refs that are none of Strata's. */
export function parseRef(ref: string): RefRole | undefined {
  if (ref.startsWith(VERSION_TAGS)) return splitVersion("version", ref.slice(VERSION_TAGS.length));
  if (ref.startsWith(VERSION_BRANCHES)) return splitVersion("branch", ref.slice(VERSION_BRANCHES.length));
  if (!ref.startsWith(REVISION_TAGS)) return undefined;
  const rest = ref.slice(REVISION_TAGS.length);
  const slash = rest.lastIndexOf("/");
  const number = rest.slice(slash + 1);
  const named = splitVersion("version", rest.slice(0, slash));
  if (named === undefined || !/^[1-9][0-9]{0,8}$/.test(number)) return undefined;
  return { role: "revision", profile: named.profile, version: named.version, number: Number(number) };
}

function splitVersion(role: "version" | "branch", rest: string) {
  const slash = rest.indexOf("/");
  if (slash <= 0 || slash === rest.length - 1) return undefined;
  const version = rest.slice(slash + 1);
  if (version.includes("/")) return undefined;
  return { role, profile: rest.slice(0, slash), version } as const;
}
