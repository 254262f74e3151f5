import type { Lock, LockEntry } from "../../model/lock.ts";

/** The text of a `strata.lock`: sorted, one line a profile, so that a diff names exactly what moved. */
export function formatLock(lock: Lock): string {
  const names = Object.keys(lock.profiles).sort();
  const prune = lock.prune === undefined ? "" : `prune: ${quoteHex(lock.prune)}\n`;
  if (names.length === 0) return `profiles: {}\n${prune}`;
  const lines = names.map((name) => {
    const entry = lock.profiles[name];
    return entry === undefined ? "" : `  ${name}: ${formatEntry(entry)}\n`;
  });
  return `profiles:\n${lines.join("")}${prune}`;
}

function formatEntry(entry: LockEntry): string {
  const revision = entry.revision === undefined ? "" : `, revision: ${entry.revision}`;
  const merged = entry.merged === undefined ? "" : `, merged: ${quoteHex(entry.merged)}`;
  return `{ version: ${entry.version}${revision}, tree: ${quoteHex(entry.tree)}${merged} }`;
}

/** A hexadecimal id that YAML would read as a number is quoted. */
function quoteHex(id: string): string {
  return /^[0-9]+(e[0-9]+)?$/.test(id) ? `"${id}"` : id;
}
