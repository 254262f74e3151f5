import type { ServedGroup } from "./discovery-answer.ts";
import { readRoot, type RootAnswer } from "./discovery-root.ts";
import type { Transport } from "./transport.ts";
import { untilAborted } from "./until-aborted.ts";
import type { Catalogue, Discovery, KindQuery, Resolution, ResourceType } from "./types.ts";

/** Kinds that are not served are asked for again at most this often. */
const ASK_AGAIN_MS = 2_000;

/** Stands in a catalogue for all groups but the core group: nothing is known of any. */
export const EVERY_GROUP = "*";

/** Both roots as last read. */
interface Snapshot {
  readonly core: RootAnswer;
  readonly named: RootAnswer;
  readonly readAt: number;
}

/**
 * Whether anything in the cluster still defines `group`, which discovery does not list at all: a CRD or an APIService.
 * Undefined where that cannot be told.
 */
export type DefinesGroup = (group: string, signal: AbortSignal) => Promise<boolean | undefined>;

/** Discovery with a memory (kubernetes.md, *Identity*). */
export function createDiscovery(
  transport: Transport,
  definesGroup: DefinesGroup,
  now: () => number = performance.now.bind(performance),
): Discovery {
  let memory: Snapshot | undefined;
  let etags: Snapshot | undefined;
  let reading: Promise<Snapshot> | undefined;

  async function read(): Promise<Snapshot> {
    const readAt = now();
    const [core, named] = await Promise.all([
      readRoot(transport, "/api", etags?.core, transport.ended),
      readRoot(transport, "/apis", etags?.named, transport.ended),
    ]);
    return { core, named, readAt };
  }

  function refresh(signal: AbortSignal): Promise<Snapshot> {
    if (reading === undefined) {
      const mine = read();
      reading = mine;
      mine
        .then((snapshot) => {
          etags = snapshot;
          if (reading === mine) memory = snapshot;
        })
        .catch(() => {}) // whoever waits for it is told below
        .finally(() => {
          if (reading === mine) reading = undefined;
        });
    }
    return untilAborted(reading, signal);
  }

  async function resolve(query: KindQuery, signal: AbortSignal): Promise<Resolution> {
    let snapshot = memory ?? (await refresh(signal));
    let found = lookUp(snapshot, query);
    if (found.state !== "served" && now() - snapshot.readAt >= ASK_AGAIN_MS) {
      snapshot = await refresh(signal);
      found = lookUp(snapshot, query);
    }
    return found.state === "unlisted" ? proveGone(query.group, signal) : found;
  }

  /** A group that is not listed is gone when nothing defines it. */
  async function proveGone(group: string, signal: AbortSignal): Promise<Resolution> {
    const defined = await definesGroup(group, signal);
    if (defined === false) return { state: "gone" };
    const why =
      defined === true
        ? "is defined but not served"
        : "is not listed, and CRDs cannot be read to prove it gone";
    return { state: "unknown", reason: `the API group ${group} ${why}` };
  }

  return {
    resolve,
    async catalogue(signal) {
      return toCatalogue(await refresh(signal));
    },
    invalidate() {
      memory = undefined;
      reading = undefined;
    },
  };
}

function groupsOf({ core, named }: Snapshot): ServedGroup[] {
  return [...core.groups, ...named.groups];
}

function lookUp(snapshot: Snapshot, query: KindQuery): Resolution | { state: "unlisted" } {
  const group = groupsOf(snapshot).find((candidate) => candidate.group === query.group);
  const doubt = (query.group === "" ? snapshot.core : snapshot.named).doubt;
  if (group === undefined)
    return doubt === undefined ? { state: "unlisted" } : { state: "unknown", reason: doubt };
  const types = group.versions.flatMap((version) => version.types.filter((type) => type.kind === query.kind));
  const type = types.find((candidate) => query.version === undefined || candidate.version === query.version);
  if (type !== undefined) return { state: "served", type };
  const stale = group.versions.find((version) => version.doubt !== undefined)?.doubt;
  if (stale !== undefined) return { state: "unknown", reason: stale };
  if (types.length > 0) return { state: "version-gone", servedVersions: types.map(({ version }) => version) };
  return { state: "gone" };
}

function toCatalogue(snapshot: Snapshot): Catalogue {
  const types = new Map<string, ResourceType>();
  const unknown: { group: string; reason: string }[] = [];
  for (const [group, doubt] of [
    ["", snapshot.core.doubt],
    [EVERY_GROUP, snapshot.named.doubt],
  ] as const) {
    if (doubt !== undefined) unknown.push({ group, reason: doubt });
  }
  for (const { group, versions } of groupsOf(snapshot)) {
    for (const version of versions) {
      if (version.doubt !== undefined) unknown.push({ group, reason: version.doubt });
      for (const type of version.types) {
        const key = `${group}/${type.plural}`;
        if (!types.has(key)) types.set(key, type);
      }
    }
  }
  return { types: [...types.values()], unknown };
}
