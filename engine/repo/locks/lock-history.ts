import { Lock, type LockEntry } from "../../model/lock.ts";
import { parseKind } from "../parse-kind.ts";
import { clusterDir, lockFile } from "../paths.ts";
import type { RepoState, StateReader } from "../state.ts";

/**
 * The lock entries of one profile that a cluster had in main's first-parent history since its directory last appeared,
 * newest first.
 */
export async function* lockHistory(
  { git }: StateReader,
  { snapshot }: RepoState,
  cluster: string,
  profile: string,
): AsyncGenerator<LockEntry> {
  if (snapshot.commit === null) return;
  const path = clusterDir(cluster);
  for (const commit of await git.log({ from: snapshot.commit, paths: [path], firstParent: true })) {
    if ((await git.resolvePath(commit, path)) === undefined) return;
    const file = await git.resolvePath(commit, lockFile(cluster));
    if (file === undefined || file.type !== "blob") continue;
    const lock = parseKind(await git.readBlob(file.oid), lockFile(cluster), Lock).value;
    const entry = lock?.profiles[profile];
    if (entry !== undefined) yield entry;
  }
}
