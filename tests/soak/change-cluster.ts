import { setTimeout as delay } from "node:timers/promises";
import { type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";
import { PART_OF } from "../apply/world.ts";
import type { Running } from "./model.ts";
import type { Operation } from "./operations.ts";
import { pickOne } from "./random.ts";
import type { SoakCluster } from "./soak-cluster.ts";

/** What is put back three times in five minutes is contested: so often somebody may drift an object in that time. */
const MOST = 2;
const WINDOW_MS = 5 * 60_000 + 10_000;

/** Somebody with kubectl, who changes and deletes what Strata runs, and never fights over it. */
export class Drifter {
  readonly #times = new Map<string, number[]>();

  /** Changes or deletes an object of a cluster; false where it was drifted often enough, or is not there (any more). */
  async drift(cluster: SoakCluster, running: Running, { kind, pick }: Operation): Promise<boolean> {
    const objects = cluster.wanted(running).filter((object) => object.kind !== "Namespace");
    if (objects.length === 0) return false;
    const object = pickOne(objects, pick);
    const key = `${cluster.name} ${object.kind} ${object.metadata.name}`;
    const now = Date.now();
    const times = (this.#times.get(key) ?? []).filter((time) => time > now - WINDOW_MS);
    if (times.length >= MOST) return false;
    this.#times.set(key, [...times, now]);
    const { namespace } = objectIdOf(object);
    const place = namespace === "" ? [] : ["-n", namespace];
    const named = [`${object.kind}.${groupOf(object)}`.replace(/\.$/, ""), object.metadata.name, ...place];
    const args =
      kind === "delete-object"
        ? ["delete", ...named, "--wait=false"]
        : ["patch", ...named, "--type=merge", "-p", JSON.stringify(changeOf(object, pick))];
    return (await cluster.target.kubectl(args)).code === 0;
  }
}

function groupOf({ apiVersion }: KubeObject): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

function changeOf(object: KubeObject, pick: number): unknown {
  const unlabelled = { metadata: { labels: { [PART_OF]: null } } };
  if ((pick >>> 8) % 4 === 0) return unlabelled;
  switch (object.kind) {
    case "ConfigMap":
      return { data: { value: "theirs" } };
    case "Secret":
      return { data: { token: "dGhlaXJz" } };
    case "Service":
      return { spec: { ports: [{ port: 9090 }] } };
    case "Deployment":
      return { spec: { template: { spec: { containers: [{ name: "web", image: "theirs:1" }] } } } };
    case "Widget":
      return { spec: { size: 9999 } };
    default:
      return unlabelled;
  }
}

/** Lets the fleet alone for up to three seconds. */
export function pace({ pick }: Operation): Promise<void> {
  return delay((pick >>> 5) % 3_000);
}
