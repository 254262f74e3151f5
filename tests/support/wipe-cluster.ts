import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { ApiFailure, type ApiServer } from "./control-plane/api-server.ts";

const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
/** What servers write about themselves, all the time. */
const OF_SERVERS = new Set(["events", "leases"]);
const WIPED_WITHIN = 60_000;

const Discovery = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }).default({ name: "" }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z
            .array(z.object({ resource: z.string(), scope: z.string(), verbs: z.array(z.string()) }))
            .default([]),
        }),
      ),
    }),
  ),
});
const Listed = z.object({
  // A list of nothing but metadata says null where it is empty
  items: z
    .array(
      z.object({
        metadata: z.object({
          name: z.string(),
          namespace: z.string().optional(),
          uid: z.string(),
          finalizers: z.array(z.string()).optional(),
          deletionTimestamp: z.string().optional(),
        }),
      }),
    )
    .nullable(),
});

interface Found {
  readonly path: string;
  readonly uid: string;
  /** It waits for somebody who lets it go. */
  readonly isHeld: boolean;
}

/** What a cluster holds now: a later {@link wipeCluster} keeps that and deletes the rest. */
export type Baseline = ReadonlySet<string>;

export async function readBaseline(api: ApiServer, signal: AbortSignal): Promise<Baseline> {
  return new Set((await findAll(api, signal)).map(({ uid }) => uid));
}

/**
 * Deletes all that is not of the baseline, also what finalizers hold, and resolves when it is gone.
 * Rejects with what is left after a minute.
 */
export async function wipeCluster(api: ApiServer, baseline: Baseline, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + WIPED_WITHIN; ; await delay(200, undefined, { signal })) {
    const left = (await findAll(api, signal)).filter(({ uid }) => !baseline.has(uid));
    if (left.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`the cluster still holds ${left.map(({ path }) => path).join(", ")}`);
    for (const found of left) await deleteOne(api, found, signal);
  }
}

async function deleteOne(api: ApiServer, { path, uid, isHeld }: Found, signal: AbortSignal): Promise<void> {
  try {
    const options = { propagationPolicy: "Background", preconditions: { uid } };
    if (isHeld) await api.send("PATCH", path, { metadata: { uid, finalizers: null } }, signal);
    else await api.send("DELETE", path, options, signal);
  } catch (error) {
    // Gone or another object by now, or refused while its namespace ends: the next look tells
    if (!(error instanceof ApiFailure && [403, 404, 409, 422].includes(error.status))) throw error;
  }
}

async function findAll(api: ApiServer, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  for (const type of await listableTypes(api, signal)) {
    const { items } = Listed.parse(await listOrNothing(api, type.list, signal));
    for (const { metadata } of items ?? []) {
      const isHeld = metadata.deletionTimestamp !== undefined && (metadata.finalizers?.length ?? 0) > 0;
      found.push({ path: type.pathOf(metadata), uid: metadata.uid, isHeld });
    }
  }
  return found;
}

/** A kind may leave with its definition between discovery and list. */
async function listOrNothing(api: ApiServer, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await api.get(path, signal, METADATA);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return { items: [] };
    throw error;
  }
}

interface ListableType {
  readonly list: string;
  pathOf(object: { readonly namespace?: string | undefined; readonly name: string }): string;
}

async function listableTypes(api: ApiServer, signal: AbortSignal): Promise<ListableType[]> {
  const groups = await Promise.all(
    ["/api", "/apis"].map(async (root) => Discovery.parse(await api.get(root, signal, DISCOVERY)).items),
  );
  return groups.flat().flatMap(({ metadata, versions }) => {
    const [preferred] = versions;
    if (preferred === undefined) return [];
    const base = metadata.name === "" ? "/api/v1" : `/apis/${metadata.name}/${preferred.version}`;
    return preferred.resources
      .filter(({ resource, verbs }) => !OF_SERVERS.has(resource) && isWipeable(verbs))
      .map(({ resource }) => ({
        list: `${base}/${resource}`,
        pathOf: ({ namespace, name }) =>
          `${base}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${resource}/${name}`,
      }));
  });
}

function isWipeable(verbs: readonly string[]): boolean {
  return verbs.includes("list") && verbs.includes("delete");
}
