import { readInventories, type StoredInventory } from "../../engine/apply/inventory/choose.ts";
import { applySetId } from "../../engine/apply/inventory/applyset-id.ts";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi, ResourceType } from "../../engine/cluster/types.ts";
import { describeId, type KubeObject, objectIdOf, parseApiVersion } from "../../engine/model/kube-object.ts";
import { configMap, deployment, namespace, PART_OF, service } from "../apply/world.ts";
import { holds } from "../faults/faulty-world.ts";
import { definition, secret, widget } from "../faults/fleet.ts";
import type { TargetCluster } from "../support/cluster-targets.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { baseObjects, webObjects } from "./content.ts";
import type { Running } from "./model.ts";

const signal = (): AbortSignal => AbortSignal.timeout(30_000);

/** A cluster directory, the API server that it runs on, the faulty way of an engine to it and a straight one of ours. */
export class SoakCluster {
  /** Of the directory. */
  readonly name: string;
  readonly target: TargetCluster;
  readonly proxy: FaultProxy;
  readonly #namespace: string;
  readonly #api: KubeApi;
  #foreign: readonly { readonly manifest: KubeObject; readonly as: string }[] = [];

  constructor(name: string, inNamespace: string, target: TargetCluster, proxy: FaultProxy) {
    this.name = name;
    this.#namespace = inNamespace;
    this.target = target;
    this.proxy = proxy;
    const { server, token, ca } = target;
    this.#api = connectServer({ server, token, ...(ca === undefined ? {} : { ca }) });
  }

  /** What the directory is to have in the cluster; without a profile it keeps the namespace, which holds others' objects. */
  wanted(running: Running): readonly KubeObject[] {
    if (running.version === undefined) return [namespace(this.#namespace)];
    const { content, override } = running;
    return [...baseObjects(this.#namespace, content, override), ...webObjects(this.#namespace, content)];
  }

  /** Others' objects: in our namespace, one of them with a copy of our label, and in a namespace of their own. */
  async addForeign(): Promise<void> {
    const inventory = await this.#inventory();
    if (inventory === undefined) throw new Error(`${this.name} has no inventory`);
    const labels = { [PART_OF]: applySetId(inventory.parent.name) };
    const theirs = `${this.#namespace}-theirs`;
    const copy = configMap(this.#namespace, "copy");
    const manifests = [
      configMap(this.#namespace, "foreign", { by: "them" }),
      { ...copy, metadata: { ...copy.metadata, labels } },
      namespace(theirs),
      configMap(theirs, "foreign", { by: "them" }),
    ];
    const foreign: { manifest: KubeObject; as: string }[] = [];
    for (const manifest of manifests) {
      const type = await this.#typeOf(manifest);
      if (type === undefined) throw new Error(`${manifest.kind} is not served`);
      await this.#api.create(type, manifest, signal());
      // What controllers write into a namespace comes later
      if (manifest.kind !== "Namespace")
        foreign.push({ manifest, as: JSON.stringify(await this.#get(manifest)) });
    }
    this.#foreign = foreign;
  }

  /** All that is not as it must be; empty where nothing is. */
  async problems(running: Running): Promise<string[]> {
    const wanted = this.wanted(running);
    const wrong: string[] = [];
    for (const object of wanted) {
      const live = await this.#get(object);
      if (!holds(live, object)) wrong.push(`${nameOf(object)} is ${JSON.stringify(live) ?? "not there"}`);
    }
    for (const { manifest, as } of this.#foreign) {
      const live = JSON.stringify(await this.#get(manifest));
      if (live !== as) wrong.push(`${nameOf(manifest)} was ${as} and is ${live}`);
    }
    const names = wanted.map(nameOf).toSorted();
    const inventory = await this.#inventory();
    const listed = [...(inventory?.entries ?? new Map()).values()].map(({ id }) => describeId(id)).toSorted();
    if (JSON.stringify(listed) !== JSON.stringify(names))
      wrong.push(`the inventory lists ${difference(listed, names)}`);
    if (inventory?.parent.state !== "finished") wrong.push("the inventory is not finished");
    const labelled = await this.#labelled(inventory);
    if (JSON.stringify(labelled) !== JSON.stringify(names))
      wrong.push(`the label is on ${difference(labelled, names)}`);
    return wrong.map((text) => `${this.name}: ${text}`);
  }

  /** Nothing of the soak is left, also where the engine failed. */
  async close(): Promise<void> {
    this.proxy.setRules();
    await this.#api.close();
    await this.proxy.close();
  }

  async #labelled(inventory: StoredInventory | undefined): Promise<readonly string[]> {
    if (inventory === undefined) return [];
    const name = this.#namespace;
    const samples = [
      namespace(name),
      configMap(name, ""),
      secret(name, "", ""),
      service(name, ""),
      deployment(name, ""),
      definition(`${name}.example.com`),
      widget(name, `${name}.example.com`, "", 1),
    ];
    const labelSelector = `${PART_OF}=${applySetId(inventory.parent.name)}`;
    const found: KubeObject[] = [];
    this.#api.discovery.invalidate();
    for (const sample of samples) {
      const type = await this.#typeOf(sample);
      if (type !== undefined) found.push(...(await this.#api.list(type, { labelSelector }, signal())).items);
    }
    return found
      .map(nameOf)
      .filter((one) => one !== `ConfigMap ${name}/copy`)
      .toSorted();
  }

  async #inventory(): Promise<StoredInventory | undefined> {
    const type = await this.#typeOf(configMap("", ""));
    if (type === undefined) throw new Error("ConfigMaps are not served");
    const { items } = await this.#api.list(type, { namespace: "strata-system" }, signal());
    return readInventories(items).find(({ parent }) => parent.owner.cluster === this.name);
  }

  async #get(manifest: KubeObject): Promise<KubeObject | undefined> {
    const type = await this.#typeOf(manifest);
    return type === undefined ? undefined : this.#api.get(type, objectIdOf(manifest), signal());
  }

  async #typeOf({ apiVersion, kind }: KubeObject): Promise<ResourceType | undefined> {
    const found = await this.#api.discovery.resolve({ ...parseApiVersion(apiVersion), kind }, signal());
    return found.state === "served" ? found.type : undefined;
  }
}

/** @param secure whether it takes TLS and HTTP/2 */
export async function openSoakCluster(
  name: string,
  inNamespace: string,
  target: TargetCluster,
  secure: boolean,
): Promise<SoakCluster> {
  const proxy = await startFaultProxy({ server: target.server, ca: target.ca, secure });
  return new SoakCluster(name, inNamespace, target, proxy);
}

function nameOf(object: KubeObject): string {
  return describeId(objectIdOf(object));
}

function difference(found: readonly string[], wanted: readonly string[]): string {
  const more = found.filter((one) => !wanted.includes(one));
  const less = wanted.filter((one) => !found.includes(one));
  return [...more.map((one) => `also ${one}`), ...less.map((one) => `not ${one}`)].join(", ");
}
