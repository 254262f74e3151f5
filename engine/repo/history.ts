import { profileDir } from "./paths.ts";
import type { StateReader } from "./state.ts";
import type { ProfileContent } from "./versions/types.ts";

/** What a branch's history held of a profile's directory, newest first, each tree once, with the newest commit that had it. */
export async function profileHistory(
  reader: StateReader,
  tip: string,
  profile: string,
): Promise<ProfileContent[]> {
  const path = profileDir(profile);
  const commits = await reader.git.log({ from: tip, paths: [path], firstParent: false, fullHistory: true });
  const seen = new Map<string, ProfileContent>();
  const trees = await Promise.all(
    commits.map(async (commit) => [commit, await reader.git.resolvePath(commit, path)] as const),
  );
  for (const [commit, entry] of trees) {
    if (entry === undefined || entry.type !== "tree" || seen.has(entry.oid)) continue;
    seen.set(entry.oid, { commit, tree: entry.oid, content: await reader.contentOf(entry.oid) });
  }
  return [...seen.values()];
}
