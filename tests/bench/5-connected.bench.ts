import { setTimeout as delay } from "node:timers/promises";
import { test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { commitFiles, tempRepo } from "../support/temp-git.ts";
import { clusterFile, oneLayer, profileFiles, repositoryOf } from "./fleet-repository.ts";
import { megabytes, tell } from "./line.ts";
import { configMap, manifestText, mixedObjects, namespaceObject, unitObjects } from "./objects.ts";
import { startOwnServers } from "./own-servers.ts";
import { memoryOf, processorTimeOf } from "./process-use.ts";
import { applyRequests, rawApply } from "./raw-apply.ts";
import { serveEngine } from "./serving.ts";

const SERVERS = 2;
const CLUSTERS = 200;
const SETTLE_MS = 40_000;
/** Every watch is sent a bookmark a minute. */
const REST_MS = 60_000;
const FOREIGN = 50_000;
const MANAGED = 1_000;

test(`${CLUSTERS} clusters at rest`, async (context) => {
  const { clusters, kubeconfig } = await startOwnServers(SERVERS);
  const contexts = clusters.map(({ name }) => name);
  const engine = await serveEngine(await spreadFleet(contexts), kubeconfig, contexts);
  await engine.sync();
  await delay(SETTLE_MS);
  const before = await processorTimeOf(engine.pid);
  await delay(REST_MS);
  const percent = (((await processorTimeOf(engine.pid)) - before) / REST_MS) * 100;
  const { now, peak } = await memoryOf(engine.pid);
  tell(context, {
    what: `${CLUSTERS} connected clusters of 6 kinds at rest, one process: memory (at its highest), processor`,
    strata: `${megabytes(now)} (${megabytes(peak)}), ${percent.toFixed(1)} %`,
  });
  await engine.stop();
});

test(`${MANAGED} objects among ${FOREIGN}`, async (context) => {
  const profile = oneLayer("app", manifestText(mixedObjects("bench", MANAGED)));
  const memory: number[] = [];
  for (const foreign of [0, FOREIGN]) {
    const { clusters, kubeconfig } = await startOwnServers(1);
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error("there is no cluster");
    await rawApply(cluster, applyRequests(foreignObjects(foreign)), 64);
    const dir = await repositoryOf("bench", cluster.name, [profile]);
    const engine = await serveEngine(dir, kubeconfig, [cluster.name]);
    await engine.sync();
    memory.push((await memoryOf(engine.pid)).peak);
    await engine.stop();
  }
  const [alone = 0, among = 0] = memory;
  tell(context, {
    what: `${MANAGED} objects managed, alone and among ${FOREIGN.toLocaleString("en")} foreign ones: memory at its highest`,
    strata: `${megabytes(alone)}, ${megabytes(among)}`,
  });
});

/** Clusters spread over the servers, each with six kinds in a namespace of its own. */
async function spreadFleet(contexts: readonly string[]): Promise<string> {
  const dir = await tempRepo();
  const numbers = Array.from({ length: CLUSTERS }, (_, n) => n);
  const files = numbers.map((n) => ({
    ...profileFiles(oneLayer(`app-${n}`, manifestText(objectsOf(`bench-${n}`)))),
    [`clusters/c-${n}/cluster.yaml`]: clusterFile(`c-${n}`, contexts[n % contexts.length] ?? "", [
      `app-${n}`,
    ]),
  }));
  await commitFiles(dir, Object.assign({}, ...files));
  return dir;
}

function objectsOf(namespace: string): KubeObject[] {
  const unit = unitObjects(namespace, "web", "registry.example/web:1");
  return [namespaceObject(namespace), configMap(namespace, "app", { value: "1" }), ...unit];
}

function foreignObjects(count: number): KubeObject[] {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const objects = numbers.map((n) => configMap("foreign", `c-${n}`, { value: String(n) }));
  return count === 0 ? [] : [namespaceObject("foreign"), ...objects];
}
