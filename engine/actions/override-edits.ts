import type { ProfileOverrides } from "../fleet/read-overrides.ts";
import type { LockEntry } from "../model/lock.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { editOverrideText } from "../plan/override-text.ts";
import { overridesDir } from "../repo/paths.ts";

export interface OverrideEdits {
  /** Texts by path; null for a file of which nothing is left. */
  readonly edits: ReadonlyMap<string, string | null>;
  /** Whether the cluster overrides anything in the profile afterwards. */
  readonly remain: boolean;
}

/** The edits that give a cluster these overrides of a profile, by layer; layers that are not named keep theirs. */
export function overrideEdits(
  { cluster, profile }: { readonly cluster: string; readonly profile: string },
  overrides: ProfileOverrides,
  wanted: ReadonlyMap<string, readonly KubeObject[]>,
): OverrideEdits {
  const edits = new Map<string, string | null>();
  for (const [layer, after] of wanted) {
    const known = overrides.layers.get(layer);
    const before = known?.documents.map(({ object }) => object) ?? [];
    const text = editOverrideText(known?.text ?? "", before, after);
    if (text !== (known?.text ?? null)) edits.set(`${overridesDir(cluster, profile)}/${layer}.yaml`, text);
  }
  const untouched = [...overrides.layers.keys()].some((layer) => !wanted.has(layer));
  return { edits, remain: untouched || [...wanted.values()].some((documents) => documents.length > 0) };
}

/** A lock entry that says what the overrides were merged with, where there are any. */
export function mergedEntry({ version, revision, tree }: LockEntry, hasOverrides: boolean): LockEntry {
  return {
    version,
    ...(revision === undefined ? {} : { revision }),
    tree,
    ...(hasOverrides ? { merged: tree } : {}),
  };
}
