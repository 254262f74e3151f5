import { describe, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { realTargets } from "../support/cluster-targets.ts";
import { healthy, engineOn } from "./engine-run.ts";
import { alternate, median, timed } from "./figures.ts";
import { openDrafts, profileFiles, repositoryOf } from "./fleet-repository.ts";
import { ms, tell } from "./line.ts";
import { manifestText, namespaceObject, unitObjects } from "./objects.ts";
import { observedDeployments } from "./observed.ts";
import { type ApplyRequest, applyRequests, bestConcurrency, rawApply } from "./raw-apply.ts";
import { onClean } from "./on-clean.ts";
import { useCluster } from "../support/use-cluster.ts";

const UNITS = 100;
const GOAL = 1.2;
const IMAGES = { first: "registry.example/web:1", next: "registry.example/web:2" };

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

function requestsOf(image: string): ApplyRequest[] {
  return applyRequests(Object.values(unitsOf(image)).flat());
}

function profileOf(image: string) {
  const layers = Object.entries(unitsOf(image)).map(([layer, objects]) => [layer, manifestText(objects)]);
  return { name: "app", layers: Object.fromEntries(layers) as Record<string, string> };
}

describe.each(realTargets())("units on $name", ({ start }) => {
  const cluster = useCluster(start);

  test(`${UNITS} units of 4 objects`, async (context) => {
    const requests = { first: requestsOf(IMAGES.first), next: requestsOf(IMAGES.next) };
    const concurrency = await bestConcurrency(cluster(), requests.first);
    const first = { floor: [] as number[], strata: [] as number[] };
    const again = { floor: [] as number[], strata: [] as number[] };
    const floor = async (): Promise<number> => {
      const apply = (image: string, requests: readonly ApplyRequest[]): Promise<number> =>
        timed(async () => {
          const observed = observedDeployments(cluster(), "bench", UNITS, image);
          await rawApply(cluster(), requests, concurrency);
          await observed;
        });
      first.floor.push(await apply(IMAGES.first, requests.first));
      again.floor.push(await apply(IMAGES.next, requests.next));
      return 0;
    };
    const strata = async (): Promise<number> => {
      const dir = await repositoryOf("bench", cluster().context, [profileOf(IMAGES.first)]);
      const { engine } = await engineOn(dir, cluster());
      const begin = async (): Promise<void> => {
        await engine.start();
        await healthy(engine, "bench", engine.head());
      };
      first.strata.push(await timed(begin));
      const drafts = await openDrafts(dir, "bench", ["app"]);
      const { commit, land } = await drafts.prepare(profileFiles(profileOf(IMAGES.next)));
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
        "Flux 21.7 s ¹, Argo CD 49.9 s (until synced) ¹, kubectl 3.6 s ¹",
      ],
      ["a commit that changes all of them, until healthy", again, "Flux 30.2 s ¹, Argo CD 6.8 s ¹"],
    ] as const;
    for (const [what, runs, peers] of rows) {
      const ratio = median(runs.strata) / median(runs.floor);
      tell(context, {
        what,
        ratio,
        strata: ms(median(runs.strata)),
        floor: `${ms(median(runs.floor))} (raw requests, ${concurrency} at a time, until observed)`,
        peers,
        goal: `≤ ${GOAL}×`,
        isMet: ratio <= GOAL,
      });
    }
  });
});
