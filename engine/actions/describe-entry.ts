import type { LockEntry } from "../model/lock.ts";

/** `app@1.1.0 revision 1`; the tree instead where no revision is known to hold it. */
export function describeEntry(profile: string, { version, revision, tree }: LockEntry): string {
  const content = revision === undefined ? `(tree ${tree.slice(0, 12)})` : `revision ${revision}`;
  return `${profile}@${version} ${content}`;
}

/** `app@1.1.0 revision 1 (before: app@1.0.0 revision 2)` */
export function describeMove(profile: string, before: LockEntry | undefined, after: LockEntry): string {
  const now = describeEntry(profile, after);
  if (before === undefined) return now;
  if (before.version === after.version && before.tree === after.tree) return `${now}, as before`;
  return `${now} (before: ${describeEntry(profile, before)})`;
}
