import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { ClusterView } from "../../engine/model/view.ts";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { commitFiles, git, tempBare, tempDir } from "../support/temp-git.ts";
import { clusterText, configMapText, LAYER_FILE, PROFILE_FILE, profileText } from "../sync/fleet-files.ts";
import { type Cli, createCli, startServe } from "./cli.ts";

const POLL = { timeout: 60_000, interval: 100 };
/** Fewer than a mass deletion. */
const PARTS: readonly string[] = Array.from({ length: 9 }, (_, index) => `part-${index + 1}`);
/** A part that is there when the version comes, on its way out, and goes only when it is let. */
const HELD = "part-9";

/** Two engines as two people have them: each with a clone of one repository, at one cluster. */
describe.each(clusterTargets())("on $name", ({ start }) => {
  const target = useClusters(start, 1);
  afterAll(async () => {
    for (const cluster of target().clusters) await cluster.wipe();
  });

  test("one that was frozen in the midst of a commit undoes nothing of a newer one", {
    timeout: 240_000,
  }, async () => {
    const { clusters, kubeconfig } = target();
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error("there is no cluster");
    const { context } = cluster;
    const kubectl = async (...args: readonly string[]): Promise<string> => {
      const ran = await cluster.kubectl(["-n", "default", ...args]);
      expect(ran, args.join(" ")).toMatchObject({ code: 0 });
      return ran.stdout;
    };
    const author = await cloned(await tempBare());
    const push = async (version: string, objects: Readonly<Record<string, string>>) => {
      await git(author, "fetch", "-q", "origin");
      if ((await git(author, "ls-remote", "origin", "main")) !== "")
        await git(author, "merge", "-q", "--ff-only", "origin/main");
      const texts = Object.entries(objects).map(([name, value]) => configMapText(name, value));
      await commitFiles(author, {
        [PROFILE_FILE]: profileText(version),
        [LAYER_FILE]: texts.join("---\n"),
        "clusters/shared/cluster.yaml": clusterText("shared", context, version),
      });
      await git(author, "push", "-q", "origin", "HEAD:main");
    };
    const engine = async (): Promise<{ cli: Cli; serving: Awaited<ReturnType<typeof startServe>> }> => {
      const clone = await cloned(await git(author, "remote", "get-url", "origin"));
      const cli = createCli(await tempDir(), clone);
      const flags = ["--kubeconfig", kubeconfig, "--allow-context", context];
      return { cli, serving: await startServe(cli, clone, [...flags, "--interval", "1h"]) };
    };
    const state = () =>
      kubectl(
        "get",
        "configmap",
        "config",
        "more",
        "-o",
        "jsonpath={range .items[*]}{.metadata.name} {.data.value} {.metadata.resourceVersion}\n{end}",
      );
    const names = "{range .items[*]}{.metadata.name} {.metadata.resourceVersion}\n{end}";
    const inventory = () =>
      kubectl(
        "-n",
        "strata-system",
        "get",
        "configmap",
        "-l",
        "strata.dev/inventory",
        "-o",
        `jsonpath=${names}`,
      );

    await push("1.0.0", { config: "1" });
    const slow = await engine();
    await slow.cli.ok(["sync"]);
    const quick = await engine();
    await quick.cli.ok(["sync"]);

    // The first engine stands in the midst of 1.1.0
    await kubectl("create", "configmap", HELD);
    const finalize = (names: string) =>
      kubectl("patch", "configmap", HELD, "--type=merge", "-p", `{"metadata":{"finalizers":${names}}}`);
    await finalize('["example.com/hold"]');
    await kubectl("delete", "configmap", HELD, "--wait=false");
    const parts = Object.fromEntries(PARTS.map((name) => [name, "2"]));
    await push("1.1.0", { config: "2", more: "2", ...parts });
    expect(await slow.cli.run(["sync", "--timeout", "1s"])).toMatchObject({ code: 1 });
    await vi.waitFor(async () => expect(await state()).toMatch(/^config 2 \d+\nmore 2 /), POLL);
    expect(await slow.cli.json<ClusterView>(["cluster", "show", "shared"])).toMatchObject({
      health: "progressing",
    });
    const { process: frozen } = slow.serving;
    frozen.kill("SIGSTOP");

    await push("1.2.0", { config: "3", more: "3" });
    await quick.cli.ok(["sync"]);
    await finalize("null");
    const [objects, stored] = [await state(), await inventory()];
    expect(objects).toMatch(/^config 3 \d+\nmore 3 \d+\n$/);

    frozen.kill("SIGCONT");
    // It finds the newer commit by itself: who has the turn names it
    await vi.waitFor(
      async () =>
        expect(await slow.cli.json<ClusterView>(["cluster", "show", "shared"])).toMatchObject({
          health: "healthy",
          message: "",
          profiles: [{ version: "1.2.0" }],
        }),
      POLL,
    );
    expect([await state(), await inventory()]).toEqual([objects, stored]);
    const there = await kubectl("get", "configmap", "-o", "jsonpath={.items[*].metadata.name}");
    expect(there.split(" ").filter((name) => PARTS.includes(name))).toEqual([]);
    expect(await quick.cli.json<ClusterView>(["cluster", "show", "shared"])).toMatchObject({
      health: "healthy",
      message: "",
    });
    for (const { serving } of [slow, quick]) expect(await serving.stop()).toBe(0);
  });
});

/** A work tree of a bare repository. */
async function cloned(bare: string): Promise<string> {
  const clone = join(await tempDir(), "clone");
  await git(bare, "clone", "-q", bare, clone);
  return clone;
}
