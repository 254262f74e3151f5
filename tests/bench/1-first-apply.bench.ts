import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "vitest";
import { realTargets } from "../support/cluster-targets.ts";
import { tempDir } from "../support/temp-git.ts";
import { applied, engineOn } from "./engine-run.ts";
import { alternate, median, timed } from "./figures.ts";
import { oneLayer, repositoryOf } from "./fleet-repository.ts";
import { ms, tell } from "./line.ts";
import { manifestText, mixedObjects } from "./objects.ts";
import { applyRequests, bestConcurrency, rawApply } from "./raw-apply.ts";
import { onClean } from "./on-clean.ts";
import { useCluster } from "../support/use-cluster.ts";

const OBJECTS = 1_000;
const GOAL = 1.2;

describe.each(realTargets())("first apply on $name", ({ start }) => {
  const cluster = useCluster(start);

  test(`${OBJECTS} objects`, async (context) => {
    const objects = mixedObjects("bench", OBJECTS);
    const requests = applyRequests(objects);
    const concurrency = await bestConcurrency(cluster(), requests);
    const file = join(await tempDir(), "objects.yaml");
    await writeFile(file, manifestText(objects));

    const syncs: number[] = [];
    const strata = async (): Promise<number> => {
      const dir = await repositoryOf("bench", cluster().context, [oneLayer("app", manifestText(objects))]);
      const { engine } = await engineOn(dir, cluster());
      let begun = 0;
      engine.events.subscribe(undefined, ({ type }) => {
        if (type === "sync-started") begun = performance.now();
      });
      const took = await timed(async () => {
        await engine.start();
        await applied(engine, "bench");
      });
      syncs.push(performance.now() - begun);
      await engine.close();
      return took;
    };
    const kubectl = async (): Promise<void> => {
      const ran = await cluster().kubectl(["apply", "--server-side", "-f", file]);
      if (ran.code !== 0) throw new Error(ran.stderr);
    };
    const runs = await alternate(5, {
      floor: () => onClean(cluster(), () => timed(() => rawApply(cluster(), requests, concurrency))),
      strata: () => onClean(cluster(), strata),
      kubectl: () => onClean(cluster(), () => timed(kubectl)),
    });
    const floor = median(runs.floor);
    const peers = `kubectl ${ms(median(runs.kubectl))}`;
    const ratio = median(syncs) / floor;
    tell(context, {
      what: `first apply of ${OBJECTS} objects, inventory included, until all are accepted`,
      ratio,
      strata: ms(median(syncs)),
      floor: `${ms(floor)} (raw requests, ${concurrency} at a time)`,
      peers,
      goal: `≤ ${GOAL}×`,
      isMet: ratio <= GOAL,
    });
    tell(context, {
      what: "the same from the start of the engine: repository read, revision tagged, lock committed",
      ratio: median(runs.strata) / floor,
      strata: ms(median(runs.strata)),
      floor: ms(floor),
      peers,
    });
  });
});
