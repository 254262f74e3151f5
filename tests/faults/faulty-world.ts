import { inspect } from "node:util";
import type { ExpectStatic } from "vitest";
import type { ClusterSession, SessionLog } from "../../engine/apply/session-types.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import type { Desired } from "../../engine/model/desired.ts";
import { describeId, isJsonObject, type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";
import type { ClusterLive } from "../../engine/model/status.ts";
import type { FaultProxy } from "../support/fault-proxy.ts";
import { configMap, PART_OF, World } from "../apply/world.ts";
import { SECRET_VALUES, type Update, updateOf } from "./fleet.ts";
import type { Line, OpenLine } from "./targets.ts";

const HEALED = { timeout: 180_000, interval: 100 };

/** A cluster behind a proxy, with a session on it, and a way around the proxy to see what is true. */
export class FaultyWorld {
  readonly world: World;
  readonly update: Update;
  readonly #open: OpenLine;
  readonly #line: Line;
  #session: ClusterSession;
  readonly #expect: ExpectStatic;
  #foreign: readonly { readonly manifest: KubeObject; readonly as: string }[] = [];
  #desired: Desired | undefined;
  /** What the engine wrote into its log, as programs see it. */
  readonly #logged: string[] = [];

  /** @param expect of the test: many run side by side */
  constructor(direct: KubeApi, line: Line, open: OpenLine, expect: ExpectStatic) {
    this.#expect = expect;
    this.world = new World(direct);
    this.update = updateOf(this.world.name);
    this.#open = open;
    this.#line = line;
    this.#session = this.world.open({ api: line.api, log: this.#log });
  }

  get #log(): SessionLog {
    return { warn: (facts, message) => this.#logged.push(inspect([message, facts], { depth: 10 })) };
  }

  get proxy(): FaultProxy {
    return this.#line.proxy;
  }

  live(): ClusterLive {
    return this.#session.live();
  }

  /** A new commit: it begins, and what becomes of it shows later. */
  push(layers: Update["before"]): void {
    this.#desired = this.world.desired(...layers);
    void this.#session.sync(this.#desired, new AbortController().signal);
  }

  /** The engine ends; another one goes on at the next push. */
  async restart(): Promise<void> {
    await this.#session.close();
    this.#session = this.world.reopen({ api: this.#line.api, log: this.#log });
    this.#line.api.discovery.invalidate();
  }

  /** Codes of all that is said to be wrong now. */
  said(): readonly string[] {
    const live = this.live();
    const problems = [...live.blockedBy, ...live.layers.flatMap((layer) => layer.problems)];
    return [live.health, ...problems.map(({ code }) => code)];
  }

  isSettled(): boolean {
    return this.#unsettled().length === 0;
  }

  #unsettled(): readonly string[] {
    const isFinished = this.live().lastSync?.finishedAt !== undefined;
    return [...this.said().filter((word) => word !== "healthy"), ...(isFinished ? [] : ["unfinished"])];
  }

  /** Others' objects in our namespace: one of them has a copy of our label, as controllers make it. */
  async addForeign(): Promise<void> {
    const { name, applySet } = this.world;
    const plain = configMap(name, "foreign", { by: "them" });
    const labels = { [PART_OF]: applySet };
    const copy = { ...configMap(name, "copy"), metadata: { name: "copy", namespace: name, labels } };
    this.#foreign = await Promise.all(
      [plain, copy].map(async (manifest) => {
        const as = JSON.stringify(await this.world.create(manifest));
        return { manifest, as };
      }),
    );
  }

  /** By itself, without a new commit: the cluster is as the desired state says, and so is the inventory. */
  async expectHealed(): Promise<void> {
    const desired = this.#desired;
    if (desired === undefined) throw new Error("nothing was pushed");
    await this.#expect.poll(() => this.#unsettled(), HEALED).toEqual([]);
    await this.#expect.poll(() => this.#differences(desired), HEALED).toEqual([]);
    const wanted = objectsOf(desired).map((object) => describeId(objectIdOf(object)));
    await this.#expect.poll(() => this.world.listed(), HEALED).toEqual(wanted.toSorted());
    for (const { manifest, as } of this.#foreign) {
      this.#expect(JSON.stringify(await this.world.get(manifest))).toBe(as);
    }
    const told = [...this.#logged, JSON.stringify([this.world.changes, this.world.notices])];
    this.#expect(told.filter((text) => SECRET_VALUES.test(text))).toEqual([]);
    await this.#expectNothingToDo(desired);
  }

  /** Nothing was asked to be deleted that is in both states. */
  expectDeletedOnly(objects: readonly KubeObject[]): void {
    const names = new Set(objects.map(({ metadata }) => metadata.name));
    const deleted = this.proxy.seen.filter(({ method }) => method === "DELETE");
    const wrong = deleted.filter(({ path }) => !names.has(path.split("/").at(-1)?.split("?")[0] ?? ""));
    this.#expect(wrong).toEqual([]);
  }

  async close(): Promise<void> {
    this.proxy.setRules();
    for (const { manifest } of this.#foreign) await this.world.delete(manifest);
    // Whatever is left goes without a word of approval
    const uninstall = this.world.desired(...this.update.before).steps.flat();
    void this.#session.sync({ ...this.world.desired(), uninstall }, new AbortController().signal);
    await this.#expect.poll(() => this.#left(), HEALED).toEqual([]);
    await this.world.close();
    await this.#line.close();
    await this.world.api.close();
  }

  /** What the inventory still lists, and why. */
  async #left(): Promise<readonly string[]> {
    const left = await this.world.listed();
    return left.length === 0 ? [] : [...left, ...this.live().blockedBy.map(({ message }) => message)];
  }

  /** An engine that starts cold has nothing to write. */
  async #expectNothingToDo(desired: Desired): Promise<void> {
    const line = await this.#open();
    try {
      const session = this.world.reopen({ api: line.api });
      this.#expect(await this.world.sync(session, desired)).toMatchObject({ health: "healthy" });
      await session.close();
      this.#expect(line.proxy.seen.filter(({ method }) => method !== "GET")).toEqual([]);
    } finally {
      await line.close();
    }
  }

  async #differences(desired: Desired): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const object of objectsOf(desired)) {
      const live = await this.world.get(object);
      if (!holds(live, object)) wrong.push(describeId(objectIdOf(object)));
    }
    const wanted = new Set(objectsOf(desired).map((object) => describeId(objectIdOf(object))));
    for (const object of [...this.update.leaving, ...this.update.coming]) {
      const id = describeId(objectIdOf(object));
      if (wanted.has(id) || (await this.#isGone(object))) continue;
      wrong.push(`${id} is still there`);
    }
    return wrong;
  }

  async #isGone(object: KubeObject): Promise<boolean> {
    const live = await this.world.get(object);
    return live === undefined || live.metadata.deletionTimestamp !== undefined;
  }
}

export function objectsOf(desired: Desired): readonly KubeObject[] {
  return desired.steps.flat().flatMap(({ objects }) => objects.map(({ object }) => object));
}

/** Whether a live value has all of a wanted one; maps named `data` have nothing else. */
export function holds(live: unknown, wanted: unknown, key = ""): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(live) && wanted.every((item, index) => holds(live[index], item));
  }
  if (!isJsonObject(wanted)) return live === wanted;
  if (!isJsonObject(live)) return false;
  if (key === "data" && Object.keys(live).length !== Object.keys(wanted).length) return false;
  return Object.entries(wanted).every(([name, value]) => holds(live[name], value, name));
}
