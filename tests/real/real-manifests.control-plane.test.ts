import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { rollbackCluster, useVersion } from "../../engine/actions/index.ts";
import { checkRepository } from "../../engine/fleet/index.ts";
import type { ClusterView } from "../../engine/model/view.ts";
import { realTargets, type TargetCluster } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { type Fleet, newFleet } from "../sync/fleet.ts";
import { PROFILE_FILE, profileText } from "../sync/fleet-files.ts";
import { figure } from "./figures.ts";
import { readSet } from "./read-set.ts";
import { type ManifestSet, SETS } from "./sets.ts";
import { confirmAll, longSignal, OURS, rest, uninstall } from "./steps.ts";

const SET_FILE = "profiles/app/base/set.yaml";
const NEED_FILE = "profiles/app/base/needed.yaml";
/** No program runs in the Pods here, so that what waits for one fails soon. */
const TIMEOUT = "15s";

describe.each(realTargets())("on $name", ({ start }) => {
  const target = useClusters(start, 1);
  const cluster = (): TargetCluster => {
    const [one] = target().clusters;
    if (one === undefined) throw new Error("there is no cluster");
    return one;
  };
  beforeEach(() => cluster().wipe());
  afterAll(() => cluster().wipe());

  test.each(SETS)(
    "$name is applied, updated, rolled back and deleted ($exercises)",
    async (set) => {
      const read = (release: ManifestSet["first"]) => readSet(release, cluster());
      const [first, next] = [await read(set.first), await read(set.next)];
      const needed = set.needs === undefined ? "" : await read(set.needs);
      const fleet = await newFleet(target(), { clusters: ["one"] });
      const run = new SetRun(set, fleet);
      const profile = (version: string) =>
        set.unready === undefined ? profileText(version) : impatientProfile(version);
      const put = (text: string, version: string) =>
        fleet.commit({
          [PROFILE_FILE]: profile(version),
          [SET_FILE]: text,
          [NEED_FILE]: needed,
        });

      await put(first, "1.0.0");
      await fleet.start();
      run.expectSettled(await figure(`${set.name}: apply`, () => rest(fleet)));
      expect(await checkRepository(fleet.repo, { requireLock: true }, { signal: longSignal() })).toEqual([]);
      await run.expectEqual(first);
      run.tell();

      await put(next, "1.0.0");
      await rest(fleet);
      const [plan] = await figure(`${set.name}: plan`, () =>
        fleet.engine.updates(fleet.name("one"), { serverDryRun: true, signal: longSignal() }),
      );
      expect(plan?.effects.length).toBeGreaterThan(0);
      expect(plan?.effects.filter(({ problem }) => problem !== undefined)).toEqual([]);
      await confirmAll(fleet);
      run.expectSettled(await figure(`${set.name}: update`, () => rest(fleet)));
      await run.expectEqual(next);

      await rollbackCluster(fleet.repo, { cluster: fleet.name("one") }, { signal: longSignal() });
      const back = await figure(`${set.name}: rollback`, () => rest(fleet));
      if (set.staysForward === undefined) {
        run.expectSettled(back);
        await run.expectEqual(first);
      } else {
        const message = expect.stringContaining(set.staysForward);
        expect(back).toMatchObject({ health: "degraded", message });
      }

      await put(next, "1.1.0");
      await rest(fleet);
      const chosen = { cluster: fleet.name("one"), profile: "app", version: "1.1.0" };
      await useVersion(fleet.repo, chosen, { signal: longSignal() });
      run.expectSettled(await figure(`${set.name}: next version`, () => rest(fleet)));
      await run.expectEqual(next);

      await uninstall(fleet);
      await run.expectNothing();
    },
    600_000,
  );
  test("a webhook that nobody answers holds up what it guards, says so, and does not keep a cluster from going", async () => {
    const set = SETS.find(({ name }) => name === "cluster-api");
    if (set?.needs === undefined) throw new Error("the set is not there");
    const fleet = await newFleet(target(), { clusters: ["one"] });
    await fleet.commit({
      [PROFILE_FILE]: impatientProfile("1.0.0"),
      [NEED_FILE]: await readSet(set.needs, cluster()),
      [SET_FILE]: await readSet(set.first, cluster()),
      "profiles/app/base/guarded.yaml": GUARDED,
    });
    await fleet.start();
    const { health, message } = await rest(fleet);
    expect(health).toBe("degraded");
    expect(message).toMatch(/failed calling webhook/);
    await uninstall(fleet);
    await new SetRun(set, fleet).expectNothing();
  }, 600_000);
});

/** An object of a kind that the webhooks of cluster-api look at. */
const GUARDED = `apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: guarded
  namespace: default
spec:
  infrastructure:
    templateRef: { apiVersion: example.com/v1, kind: ClusterTemplate, name: none }
  controlPlane:
    templateRef: { apiVersion: example.com/v1, kind: PlaneTemplate, name: none }
`;

function impatientProfile(version: string): string {
  return profileText(version).replace("manifest }", `manifest, timeout: ${TIMEOUT} }`);
}

/** A set in the cluster `one`. */
class SetRun {
  readonly #set: ManifestSet;
  readonly #fleet: Fleet;

  constructor(set: ManifestSet, fleet: Fleet) {
    this.#set = set;
    this.#fleet = fleet;
  }

  /** Healthy, or failed for want of the one thing that nobody serves here. */
  expectSettled({ health, message }: ClusterView): void {
    const { unready } = this.#set;
    if (unready === undefined) return expect({ health, message }).toEqual({ health: "healthy", message: "" });
    expect({ health, message }).toEqual({ health: "degraded", message: expect.stringContaining(unready) });
  }

  /** As kubectl sees it: it takes each object, and would change none. */
  async expectEqual(text: string): Promise<void> {
    const args = ["diff", "--server-side", "--force-conflicts", "--field-manager=nobody", "-f", "-"];
    const { code, stdout, stderr } = await this.#fleet.target("one").kubectl(args, { stdin: text });
    const said = withoutWarnings(stderr);
    expect({ code, stdout, said }).toEqual({ code: 0, stdout: "", said: "" });
  }

  /** Prints how much there is. */
  tell(): void {
    const all = this.#fleet.engine.workloads(this.#fleet.name("one"));
    const definitions = all.filter(({ kind }) => kind.startsWith("CustomResourceDefinition")).length;
    process.stdout.write(`${this.#set.name}: ${all.length - 1} objects, ${definitions} definitions\n`);
  }

  async expectNothing(): Promise<void> {
    const kubectl = (args: readonly string[]) => this.#fleet.target("one").kubectl(args);
    const kinds = (await kubectl(["api-resources", "--verbs=list", "-o", "name", "--cached=false"])).stdout;
    const list = kinds.trim().split("\n").join(",");
    const { stdout, stderr } = await kubectl(["get", list, "-A", "-l", OURS, "-o", "name"]);
    expect({ stdout, said: withoutWarnings(stderr) }).toEqual({ stdout: "", said: "" });
  }
}

function withoutWarnings(text: string): string {
  const lines = text.split("\n");
  return lines.filter((line) => !line.startsWith("Warning:")).join("\n");
}
