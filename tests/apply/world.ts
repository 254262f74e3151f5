import { randomBytes } from "node:crypto";
import { afterEach, expect } from "vitest";
import { openClusterSession } from "../../engine/apply/session.ts";
import type { ClusterSession, ClusterSessionOptions, SyncOutcome } from "../../engine/apply/session-types.ts";
import { applySetId } from "../../engine/apply/inventory/applyset-id.ts";
import type { DriftNotice } from "../../engine/apply/drift/notice.ts";
import { parentName } from "../../engine/apply/inventory/parent.ts";
import { readInventories, type StoredInventory } from "../../engine/apply/inventory/choose.ts";
import type { ConnectTarget } from "./targets.ts";
import { uidOf } from "../../engine/apply/ownership.ts";
import { appliedAt } from "../../engine/apply/live-digest.ts";
import type { KubeApi, ResourceType } from "../../engine/cluster/types.ts";
import type { Desired, DesiredLayer } from "../../engine/model/desired.ts";
import { describeId, type KubeObject, objectIdOf, parseApiVersion } from "../../engine/model/kube-object.ts";
import type { ClusterLive } from "../../engine/model/status.ts";

export const PART_OF = "applyset.kubernetes.io/part-of";
const NEVER = new AbortController().signal;

/** One cluster directory of one repository in a real cluster, with names that no other test uses. */
export class World {
  readonly api: KubeApi;
  readonly owner = {
    repository: randomBytes(20).toString("hex"),
    cluster: `t-${randomBytes(4).toString("hex")}`,
  };
  /** Begins the names of what this world puts into the cluster. */
  readonly name: string = this.owner.cluster;
  readonly changes: ClusterLive[] = [];
  readonly notices: DriftNotice[] = [];
  readonly #sessions: ClusterSession[] = [];
  #engine = "";
  #commits = 0;

  constructor(api: KubeApi) {
    this.api = api;
  }

  /** Id of the ApplySet that a first sync makes. */
  get applySet(): string {
    return applySetId(parentName(this.owner));
  }

  /** An engine of its own, unless it is named; commits are numbered, and the newest is main's tip. */
  open(options: Partial<Omit<ClusterSessionOptions, "cluster" | "repository">> = {}): ClusterSession {
    this.#engine = options.engine ?? `engine-${this.#sessions.length + 1}`;
    const session = openClusterSession({
      api: this.api,
      ...this.owner,
      engine: this.#engine,
      isAncestor: async (ancestor, commit) => numberOf(ancestor) < numberOf(commit),
      isTip: async (commit) => numberOf(commit) === this.#commits,
      onChange: (live) => this.changes.push(live),
      onDrift: (notice) => this.notices.push(notice),
      ...options,
    });
    this.#sessions.push(session);
    return session;
  }

  /** The engine that was opened last, started again. */
  reopen(options: Parameters<World["open"]>[0] = {}): ClusterSession {
    return this.open({ engine: this.#engine, ...options });
  }

  /** Layers that install one after another, as one commit. */
  desired(...layers: readonly DesiredLayer[]): Desired {
    this.#commits += 1;
    return { ...this.owner, commit: `commit-${this.#commits}`, steps: layers.map((layer) => [layer]) };
  }

  /** Syncs and waits until it settles. */
  async sync(session: ClusterSession, desired: Desired, milliseconds = 60_000): Promise<ClusterLive> {
    const outcome: SyncOutcome = await session.sync(desired, AbortSignal.timeout(milliseconds));
    if (outcome.state === "settled") return outcome.live;
    throw new Error(`the sync did not settle: ${JSON.stringify(session.live(), null, 2)}`);
  }

  /** The object as the cluster has it, by the identity of a manifest. */
  async get(manifest: KubeObject): Promise<KubeObject | undefined> {
    return this.api.get(await this.typeOf(manifest), objectIdOf(manifest), NEVER);
  }

  async create(manifest: KubeObject): Promise<KubeObject> {
    return this.api.create(await this.typeOf(manifest), manifest, NEVER);
  }

  /** Does what a controller does: writes a condition into the status. */
  async setCondition(manifest: KubeObject, type: string, status: string): Promise<void> {
    const steps = [{ op: "add", path: "/status", value: { conditions: [{ type, status }] } }] as const;
    await this.api.jsonPatch(await this.typeOf(manifest), objectIdOf(manifest), steps, NEVER);
  }

  async delete(manifest: KubeObject): Promise<void> {
    const object = await this.get(manifest);
    if (object === undefined) return;
    const uid = uidOf(object);
    await this.api.delete(
      await this.typeOf(manifest),
      objectIdOf(manifest),
      { uid, propagationPolicy: "Background" },
      NEVER,
    );
  }

  async typeOf({ apiVersion, kind }: KubeObject): Promise<ResourceType> {
    const found = await this.api.discovery.resolve({ ...parseApiVersion(apiVersion), kind }, NEVER);
    if (found.state !== "served") throw new Error(`${kind} is ${found.state}`);
    return found.type;
  }

  /** Waits until the cluster serves the kind of a manifest. */
  async served({ apiVersion, kind }: KubeObject): Promise<void> {
    const query = { ...parseApiVersion(apiVersion), kind };
    const state = async (): Promise<string> => (await this.api.discovery.resolve(query, NEVER)).state;
    await expect.poll(state, { timeout: 20_000 }).toBe("served");
  }

  /** Waits until the server's clock, which counts whole seconds in managedFields, is past the last apply of an object. */
  async nextSecond(manifest: KubeObject): Promise<void> {
    const object = await this.get(manifest);
    const time = Date.parse(object === undefined ? "" : appliedAt(object));
    await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(time + 1_000);
  }

  /** The inventory as it is stored. */
  async inventory(): Promise<StoredInventory | undefined> {
    const inventories = readInventories(await this.#configMaps());
    return inventories.find(({ parent }) => JSON.stringify(parent.owner) === JSON.stringify(this.owner));
  }

  /** Names of the objects that hold the inventory, or parts of one. */
  async inventoryObjects(): Promise<readonly string[]> {
    const names = (await this.#configMaps()).map(({ metadata }) => metadata.name);
    return names.filter((name) => name.includes(this.owner.cluster));
  }

  /** What the inventory lists, for people, sorted. */
  async listed(): Promise<readonly string[]> {
    const entries = (await this.inventory())?.entries ?? new Map();
    return [...entries.values()].map(({ id }) => describeId(id)).toSorted();
  }

  /** Everything of these kinds that carries our label, for people, sorted. */
  async labelled(...samples: readonly KubeObject[]): Promise<readonly string[]> {
    const types = await Promise.all(samples.map((sample) => this.typeOf(sample)));
    const lists = await Promise.all(
      [...new Set(types)].map((type) =>
        this.api.list(type, { labelSelector: `${PART_OF}=${this.applySet}` }, NEVER),
      ),
    );
    return lists.flatMap(({ items }) => items.map((object) => describeId(objectIdOf(object)))).toSorted();
  }

  async loseInventory(): Promise<void> {
    for (const object of await this.#configMaps()) {
      if (object.metadata.name.includes(this.owner.cluster)) await this.delete(object);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.close()));
    await this.loseInventory();
    const { items } = await this.api.list(await this.typeOf(namespace("x")), {}, NEVER);
    const left = items.filter((object) => object.metadata.name.startsWith(this.name));
    await Promise.all(left.map((object) => this.delete(object)));
  }

  async #configMaps(): Promise<readonly KubeObject[]> {
    const type = await this.typeOf(configMap("x", "x"));
    return (await this.api.list(type, { namespace: "strata-system" }, NEVER)).items;
  }
}

/** Of `commit-7`. */
function numberOf(commit: string): number {
  return Number(commit.replace("commit-", ""));
}

/** Gives each test a world of its own and cleans up after it. */
export function useWorlds(connect: ConnectTarget): () => Promise<World> {
  const open: World[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) {
      await world.close();
      await world.api.close();
    }
  });
  return async () => {
    const world = new World(await connect());
    open.push(world);
    return world;
  };
}

export function layer(name: string, objects: readonly KubeObject[], timeoutSeconds = 60): DesiredLayer {
  const placed = objects.map((object, index) => ({
    object,
    place: { file: `${name}.yaml`, line: index + 1 },
  }));
  return { profile: "web", name, type: "manifest", timeoutSeconds, objects: placed };
}

export function namespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** It calls the Service `web`, about a kind that is not there. */
export function webhook(inNamespace: string): KubeObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: inNamespace },
    webhooks: [
      {
        name: "web.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        clientConfig: { service: { namespace: inNamespace, name: "web", port: 8080 } },
        rules: [
          {
            apiGroups: [`${inNamespace}.example.com`],
            apiVersions: ["v1"],
            operations: ["CREATE"],
            resources: ["gadgets"],
          },
        ],
      },
    ],
  };
}

export function configMap(
  inNamespace: string,
  name: string,
  data: Readonly<Record<string, string>> = {},
): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: inNamespace }, data };
}

export function service(inNamespace: string, name: string, type = "ClusterIP"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: inNamespace },
    spec: { type, selector: { app: name }, ports: [{ port: 8080 }] },
  };
}

export function deployment(inNamespace: string, name: string, image = "web:1", replicas = 1): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: inNamespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
    },
  };
}
