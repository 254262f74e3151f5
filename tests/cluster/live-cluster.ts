import { afterAll, beforeAll, expect } from "vitest";
import type { GoneObject, KubeApi, KindQuery, ResourceType, Watch } from "../../engine/cluster/types.ts";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";

/** A cluster that a suite runs against, with the connections that it opens. */
export interface LiveCluster {
  readonly api: KubeApi;
  readonly signal: AbortSignal;
  /** A namespace of this suite alone. */
  readonly namespace: string;
  readonly type: (group: string, kind: string) => Promise<ResourceType>;
  /** A ConfigMap of the namespace, as one would apply it. */
  readonly configMap: (name: string, data?: JsonObject, metadata?: JsonObject) => KubeObject;
  /** Creates or updates by server-side apply and gives the live object. */
  readonly apply: (object: KubeObject) => Promise<KubeObject>;
}

/** Connects before the tests of a suite, with a namespace of its own, and cleans up afterwards. */
export function useCluster(connect: () => Promise<KubeApi>): () => LiveCluster {
  let cluster: LiveCluster | undefined;
  const namespace = `cluster-test-${Math.random().toString(36).slice(2, 10)}`;

  beforeAll(async () => {
    cluster = open(await connect(), namespace);
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  }, 30_000);

  afterAll(async () => {
    if (cluster === undefined) return;
    const { api, signal } = cluster;
    const type = await cluster.type("", "Namespace");
    const ref = { namespace: "", name: namespace };
    const found = await api.get(type, ref, signal);
    if (found !== undefined)
      await api.delete(type, ref, { uid: uidOf(found), propagationPolicy: "Background" }, signal);
    await api.close();
  }, 30_000);

  return () => {
    if (cluster === undefined) throw new Error("there is no connection before the tests");
    return cluster;
  };
}

function open(api: KubeApi, namespace: string): LiveCluster {
  const { signal } = new AbortController();
  async function type(group: string, kind: string): Promise<ResourceType> {
    const found = await api.discovery.resolve({ group, kind } satisfies KindQuery, signal);
    if (found.state !== "served") throw new Error(`${kind} is ${found.state}`);
    return found.type;
  }
  return {
    api,
    signal,
    namespace,
    type,
    configMap: (name, data = {}, metadata = {}) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace, ...metadata },
      data,
    }),
    async apply(object) {
      const slash = object.apiVersion.indexOf("/");
      const applied = await type(slash === -1 ? "" : object.apiVersion.slice(0, slash), object.kind);
      return (await api.apply(applied, object, { force: true }, signal)).object;
    },
  };
}

export function uidOf(object: KubeObject): string {
  return object.metadata.uid as string; // every live object has one
}

/** A watch that writes down what it hears, for a test to wait on. */
export function follow(api: KubeApi, type: ResourceType, labelSelector: string, namespace: string) {
  const present = new Map<string, KubeObject>();
  const gone: GoneObject[] = [];
  let synced = 0;
  const watch: Watch = api.watch(
    type,
    { labelSelector, namespace },
    {
      onUpsert: (object) => present.set(object.metadata.name, object),
      onGone: (object) => {
        present.delete(object.name);
        gone.push(object);
      },
      onSynced: () => {
        synced += 1;
      },
      onDown: (problem) => {
        throw problem;
      },
      onUp: () => {},
    },
  );
  const until = async (what: () => unknown): Promise<void> => {
    await expect.poll(what, { timeout: 20_000, interval: 20 }).toBeTruthy();
  };
  return { watch, present, gone, until, synced: () => synced };
}
