import type { Git, RefMap, RefUpdate } from "./git/types.ts";
import { createStateReader, type RepoState, type StateReader } from "./state.ts";

/**
 * A Strata repository: one Git repository, or a clone of a remote where the remote's word counts.
 * Every writer goes through {@link Repository.move}: compare-and-swap of all refs at once.
 */
export interface Repository {
  readonly git: Git;
  readonly reader: StateReader;
  /**
   * The state now; for a clone with a remote, of the remote, fetched first. Throws `remote-unreachable`,
   * `remote-access-denied`, `remote-untrusted`,
   * `remote-without-main`.
   */
  readonly load: (signal: AbortSignal) => Promise<RepoState>;
  /** The state as last fetched; asks no remote. */
  readonly loadKnown: (signal: AbortSignal) => Promise<RepoState>;
  /** Moves refs if all are where `from` says, else throws `ref-race` and moves none. */
  readonly move: (updates: readonly RefUpdate[], signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

export function createRepository(git: Git): Repository {
  const reader = createStateReader(git);
  const refs = (signal: AbortSignal): Promise<RefMap> =>
    git.remote === undefined ? git.readRefs(undefined, signal) : git.remoteRefs(signal);
  const loadKnown = async (signal: AbortSignal) => reader.read(await refs(signal));
  const load = async (signal: AbortSignal) => {
    if (git.remote !== undefined) await git.fetch(signal);
    return loadKnown(signal);
  };
  const move = (updates: readonly RefUpdate[], signal: AbortSignal) =>
    git.remote === undefined ? git.transact(updates, { signal }) : git.publish(updates, { signal });
  return { git, reader, load, loadKnown, move, close: () => git.close() };
}
