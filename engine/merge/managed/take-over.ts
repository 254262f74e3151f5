import { difference, type FieldSet, intersection, isEmptySet, union } from "../fields/field-set.ts";
import type { Comparison } from "../typed/compare.ts";
import type { Managed, ManagedEntry } from "./entries.ts";

/** What other managers own of what a write sets to another value. */
export function ownedByOthers(managed: Managed, writer: string, changes: Comparison): Map<string, FieldSet> {
  const written = union(changes.modified, changes.added);
  const owned = new Map<string, FieldSet>();
  for (const [key, entry] of managed) {
    if (key === writer) continue;
    const fields = intersection(entry.fields, written);
    if (!isEmptySet(fields)) owned.set(key, fields);
  }
  return owned;
}

/** The entries after a write: all managers but the writer (if it is to be spared) lose what was set to another value or removed. */
export function loseToWrite(
  managed: Managed,
  writer: string | undefined,
  changes: Comparison,
): Map<string, ManagedEntry> {
  const lost = union(union(changes.modified, changes.added), changes.removed);
  const left = new Map<string, ManagedEntry>();
  for (const [key, entry] of managed) {
    const fields = key === writer ? entry.fields : difference(entry.fields, lost);
    if (!isEmptySet(fields)) left.set(key, { ...entry, fields });
  }
  return left;
}
