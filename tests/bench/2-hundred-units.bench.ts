import { describe, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { realTargets } from "../support/cluster-targets.ts";
import { healthy, engineOn } from "./engine-run.ts";
import { alternate, median, timed } from "./figures.ts";
import { openDrafts, profileFiles, repositoryOf } from "./fleet-repository.ts";
import { ms, tell } from "./line.ts";
import { manifestText, namespaceObject, unitObjects } from "./objects.ts";
import { observedDeployments } from "./observed.ts";
import { rawApply } from "./raw-apply.ts";
import { onClean } from "./on-clean.ts";
import { useCluster } from "../support/use-cluster.ts";

const UNITS = 100;
const GOAL = 1.2;
const CONCURRENCY = 32;

/** By layer. */
function unitsOf(image: string): Record<string, readonly KubeObject[]> {
  const numbers = Array.from({ length: UNITS }, (_, index) => index);
  return Object.fromEntries(
    numbers.map((n) => {
      const objects = unitObjects("bench", `u-${n}`, image);
      return [`u-${n}`, n === 0 ? [namespaceObject("bench"), ...objects] : objects];
    }),
  );
}

function profileOf(image: string) {
  const layers = Object.entries(unitsOf(image)).map(([layer, objects]) => [layer, manifestText(objects)]);
  return { name: "app", layers: Object.fromEntries(layers) as Record<string, string> };
}

describe.each(realTargets())("units on $name", ({ start }) => {
  const cluster = useCluster(start);

  test(`${UNITS} units of 4 objects`, async (context) => {
    const first = { floor: [] as number[], strata: [] as number[] };
    const again = { floor: [] as number[], strata: [] as number[] };
    const floor = async (): Promise<number> => {
      const apply = async (image: string): Promise<void> => {
        const objects = Object.values(unitsOf(image)).flat();
        const observed = observedDeployments(cluster(), "bench", UNITS, image);
        await rawApply(cluster(), objects, CONCURRENCY);
        await observed;
      };
      first.floor.push(await timed(() => apply("registry.example/web:1")));
      again.floor.push(await timed(() => apply("registry.example/web:2")));
      return 0;
    };
    const strata = async (): Promise<number> => {
      const dir = await repositoryOf("bench", cluster().context, [profileOf("registry.example/web:1")]);
      const { engine } = await engineOn(dir, cluster());
      const begin = async (): Promise<void> => {
        await engine.start();
        await healthy(engine, "bench", engine.head());
      };
      first.strata.push(await timed(begin));
      const drafts = await openDrafts(dir, "bench", ["app"]);
      const { commit, land } = await drafts.prepare(profileFiles(profileOf("registry.example/web:2")));
      const change = async (): Promise<void> => {
        await land();
        await healthy(engine, "bench", commit);
      };
      again.strata.push(await timed(change));
      await engine.close();
      return 0;
    };
    await alternate(5, {
      floor: () => onClean(cluster(), floor),
      strata: () => onClean(cluster(), strata),
    });
    const rows = [
      [
        `${UNITS} units of 4 objects, until healthy`,
        first,
        "Flux 21.7 s, Argo CD 49.9 s (until synced), kubectl 3.6 s",
      ],
      ["a commit that changes all of them, until healthy", again, "Flux 30.2 s, Argo CD 6.8 s"],
    ] as const;
    for (const [what, runs, peers] of rows) {
      const ratio = median(runs.strata) / median(runs.floor);
      tell(context, {
        what,
        ratio,
        strata: ms(median(runs.strata)),
        floor: `${ms(median(runs.floor))} (raw requests, until observed)`,
        peers: `${peers} ¹`,
        goal: `≤ ${GOAL}×`,
        isMet: ratio <= GOAL,
      });
    }
  });
});
