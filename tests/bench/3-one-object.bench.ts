import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "vitest";
import { realTargets, type TargetCluster } from "../support/cluster-targets.ts";
import { serveGit } from "../support/git-http.ts";
import { git, tempBare } from "../support/temp-git.ts";
import { engineOn, healthy } from "./engine-run.ts";
import { median, quantile } from "./figures.ts";
import { type Drafts, openDrafts, oneLayer, profileFiles, repositoryOf } from "./fleet-repository.ts";
import { type Line, ms, tell } from "./line.ts";
import { configMap, manifestText, mixedObjects } from "./objects.ts";
import { watchObjects } from "./observed.ts";
import { serveEngine } from "./serving.ts";
import { useClusters } from "../support/use-cluster.ts";

const OBJECTS = 200;
const COMMITS = 30;
const GOAL_MS = 250;
const REST_MS = 10_000;

function profile(value: string) {
  const objects = [...mixedObjects("bench", OBJECTS), configMap("bench", "told", { value })];
  return oneLayer("app", manifestText(objects));
}

/** Milliseconds from the move of main until the API server tells of the changed object, for each of many commits. */
async function commitToChange(
  cluster: TargetCluster,
  drafts: Drafts,
  rest: () => Promise<void>,
  onLanded: () => void,
): Promise<number[]> {
  const took: number[] = [];
  for (let n = 1; n <= COMMITS; n += 1) {
    const { land } = await drafts.prepare(profileFiles(profile(String(n))));
    const path = "/api/v1/namespaces/bench/configmaps";
    const { promise: opened, resolve: begin } = Promise.withResolvers<void>();
    const changed = watchObjects(cluster, path, ({ metadata, data }) => {
      begin();
      return metadata.name === "told" && JSON.stringify(data) === JSON.stringify({ value: String(n) });
    });
    await opened;
    const start = performance.now();
    await land();
    onLanded();
    await changed;
    took.push(performance.now() - start);
    await rest();
  }
  return took;
}

function lineOf(repository: string, took: readonly number[]): Line {
  return {
    what: `a commit that changes one of ${OBJECTS} objects → object changed, ${repository} repository, p50 (p95)`,
    strata: `${ms(median(took))} (${ms(quantile(took, 0.95))})`,
    peers: "Flux 6.4–19.4 s, Argo CD 0.66–0.95 s ¹",
    goal: `p50 < ${GOAL_MS} ms`,
    isMet: median(took) < GOAL_MS,
  };
}

describe.each(realTargets())("one object on $name", ({ start }) => {
  const target = useClusters(start, 1);

  test("local repository", async (context) => {
    const { kubeconfig, clusters } = target();
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error("there is no cluster");
    const dir = await repositoryOf("bench", cluster.context, [profile("0")]);
    const engine = await serveEngine(dir, kubeconfig, [cluster.context]);
    await engine.sync();
    const drafts = await openDrafts(dir, "bench", ["app"]);
    const took = await commitToChange(cluster, drafts, engine.sync, () => undefined);
    tell(context, lineOf("local", took));
    await engine.stop();
    await cluster.wipe();
  });

  test("remote repository", async (context) => {
    const { kubeconfig, clusters } = target();
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error("there is no cluster");
    const bare = await tempBare();
    const dir = await repositoryOf("bench", cluster.context, [profile("0")]);
    await git(dir, "push", "-q", bare, "main");
    const engine = await serveEngine(await serveGit(bare), kubeconfig, [cluster.context]);
    await engine.sync();
    const drafts = await openDrafts(bare, "bench", ["app"]);
    const took = await commitToChange(cluster, drafts, engine.sync, engine.look);
    tell(context, lineOf("remote", took));
    await engine.stop();
    await cluster.wipe();
  });

  test("nothing changed", async (context) => {
    const [cluster] = target().clusters;
    if (cluster === undefined) throw new Error("there is no cluster");
    const dir = await repositoryOf("bench", cluster.context, [profile("0")]);
    const { engine, requests } = await engineOn(dir, cluster);
    await engine.start();
    await healthy(engine, "bench", engine.head());
    await delay(REST_MS);
    const [sent, used] = [requests(), process.cpuUsage()];
    await delay(REST_MS);
    const { user, system } = process.cpuUsage(used);
    const percent = ((user + system) / 1000 / REST_MS) * 100;
    tell(context, {
      what: `nothing changed for ${REST_MS / 1000} s, ${OBJECTS} objects: requests, processor`,
      strata: `${requests() - sent}, ${percent.toFixed(1)} %`,
      peers: "Flux about 2 requests an object and interval ¹",
      goal: "0 requests",
      isMet: requests() === sent,
    });
    await engine.close();
    await cluster.wipe();
  });
});
