import type { RepoState } from "../../engine/repo/state.ts";
import type { CommandContext } from "../context.ts";
import { openRepositoryAt } from "../open-repository.ts";
import type { Candidate } from "./complete.ts";

type Lister = (state: RepoState) => Candidate[];

const CLUSTERS: Lister = (state) => [...state.snapshot.clusters.keys()].map(bare);
const PROFILES: Lister = (state) =>
  [...new Set([...state.snapshot.profiles.keys(), ...state.versions.keys()])].map(bare);
const LAYERS: Lister = (state) =>
  [...state.snapshot.profiles.values()].flatMap(({ name, profile }) =>
    (profile?.spec.layers ?? []).map((layer) => bare(`${name}/${layer.name}`)),
  );
const VERSIONS: Lister = (state) =>
  [...state.versions.values()].flatMap((versions) =>
    [...versions.values()]
      .filter((one) => one.tag !== undefined)
      .map((one) => ({ value: `${one.profile}@${one.version}`, description: "" })),
  );

/** By the name that an argument or an option's value has in the help. */
const LISTERS: Readonly<Record<string, Lister>> = {
  cluster: CLUSTERS,
  profile: PROFILES,
  "profile/layer[/file]": LAYERS,
  "profile@version": VERSIONS,
  "profile[@version]": (state) => [...PROFILES(state), ...VERSIONS(state)],
  "profile@version[#revision]": VERSIONS,
};

/** Names in the repository, as last fetched. Nothing where there is no repository. */
export async function nameCandidates(kind: string, context: CommandContext): Promise<Candidate[]> {
  const lister = LISTERS[kind];
  if (lister === undefined) return [];
  try {
    const repo = await openRepositoryAt(context.io, context.location);
    context.defer(() => repo.close());
    const candidates = lister(
      await repo.loadKnown(AbortSignal.any([context.signal, AbortSignal.timeout(3_000)])),
    );
    return candidates.toSorted((a, b) => a.value.localeCompare(b.value));
  } catch {
    // A shell that completes has no place for errors.
    return [];
  }
}

function bare(value: string): Candidate {
  return { value, description: "" };
}
