import { union } from "../fields/field-set.ts";
import { type Managed, type ManagedEntry, managerKey } from "./entries.ts";

const MOST_UPDATERS = 10;
const BUCKET = "ancient-changes";

/** Folds the oldest Update entries of one API version into one, so that no object has more than ten of them. */
export function capUpdaters(managed: Managed): Managed {
  const updaters = [...managed]
    .filter(([, entry]) => entry.operation === "Update")
    .toSorted(([a, p], [b, q]) => compareText(p.time ?? "", q.time ?? "") || compareText(a, b));
  let surplus = updaters.length - MOST_UPDATERS;
  if (surplus <= 0) return managed;

  const capped = new Map(managed);
  const oldest = new Map<string, string>();
  for (const [key, entry] of updaters) {
    if (surplus <= 0) break;
    const first = oldest.get(entry.apiVersion);
    if (first === undefined) {
      oldest.set(entry.apiVersion, key);
      continue;
    }
    const { apiVersion, time } = entry;
    const bucket: Omit<ManagedEntry, "fields"> = {
      manager: BUCKET,
      operation: "Update",
      apiVersion,
      ...(time === undefined ? {} : { time }),
    };
    const bucketKey = managerKey(bucket);
    const fields = capped.get(bucketKey)?.fields ?? capped.get(first)?.fields ?? entry.fields;
    capped.delete(first);
    capped.delete(key);
    capped.set(bucketKey, { ...bucket, fields: union(fields, entry.fields) });
    surplus--;
  }
  return capped;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
