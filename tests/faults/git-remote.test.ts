import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import type { Rule } from "../support/faults.ts";
import { serveGit } from "../support/git-http.ts";
import { commitFiles, git, tempBare, tempDir, tempRepo } from "../support/temp-git.ts";
import { eventually } from "../sync/events.ts";
import { type Fleet, newFleet } from "../sync/fleet.ts";
import { PROFILE_FILE, profileText } from "../sync/fleet-files.ts";

interface Remote {
  readonly fleet: Fleet;
  readonly bare: string;
  readonly proxy: FaultProxy;
  /** Another user's clone, past the proxy. */
  readonly clone: string;
}

// What becomes of Git has nothing to do with who serves the Kubernetes API
describe.each(clusterTargets().filter(({ name }) => name === "sandbox"))("on $name", ({ start }) => {
  const target = useClusters(start, 1);

  /** An engine on a repository that it reaches over HTTP through a proxy; its cluster runs it. */
  async function runningRemote(): Promise<Remote> {
    const fleet = await newFleet(target(), { clusters: ["one"] });
    const bare = await tempBare();
    await git(fleet.dir, "push", "-q", bare, "main");
    const proxy = await startFaultProxy({ server: await serveGit(bare), ca: undefined, secure: false });
    onTestFinished(() => proxy.close());
    await fleet.start(proxy.server);
    expect(await fleet.sync()).toMatchObject([{ health: "healthy" }]);
    const clone = join(await tempDir(), "clone");
    await git(bare, "clone", "-q", bare, clone);
    return { fleet, bare, proxy, clone };
  }

  async function push({ fleet, clone }: Remote, version: string, value: string): Promise<void> {
    await git(clone, "pull", "-q", "--rebase", "origin", "main");
    const next = { [PROFILE_FILE]: profileText(version), [fleet.file("one")]: fleet.text("one", version) };
    await commitFiles(clone, { ...next, ...fleet.layer(value) }, `Run ${version}`);
    await git(clone, "push", "-q", "origin", "main");
  }

  /** The newest target is there: by itself, with no more commits. */
  async function heals({ fleet, bare }: Remote, version: string, value: string): Promise<void> {
    await eventually(fleet.engine, () => {
      const { health, profiles, lastSync } = fleet.view("one");
      const isThere = profiles[0]?.version === version && profiles[0].revision !== undefined;
      return (isThere && health === "healthy" && lastSync?.finishedAt !== undefined) || undefined;
    });
    await expect.poll(() => fleet.running("one"), { timeout: 30_000 }).toBe(value);
    await expect.poll(() => fleet.engine.ready().problems, { timeout: 30_000 }).toEqual([]);
    expect(await git(bare, "rev-parse", "main")).toBe(fleet.engine.head());
    expect((await git(bare, "tag", "--list")).split("\n")).toEqual(
      expect.arrayContaining([
        "profiles/app/1.0.0",
        `profiles/app/${version}`,
        "revisions/app/1.0.0/1",
        `revisions/app/${version}/1`,
      ]),
    );
    expect(await git(bare, "show", `main:${fleet.lock("one")}`)).toContain(`version: ${version}`);
  }

  /** What somebody changes in the cluster is put back all the same. */
  async function isWatchedOver(fleet: Fleet): Promise<void> {
    const theirs = '{"data":{"value":"theirs"}}';
    await fleet.target("one").kubectl(["patch", "configmap", fleet.id, "-p", theirs]);
    await expect.poll(() => fleet.running("one"), { timeout: 30_000 }).toBe("1");
  }

  const fetches = { path: /upload-pack/ };
  const cases: readonly { fault: string; rule: Rule; code: string }[] = [
    {
      fault: "is gone",
      rule: { match: {}, fault: { do: "drop", when: "before" } },
      code: "remote-unreachable",
    },
    {
      fault: "fails",
      rule: { match: {}, fault: { do: "status", code: 503 } },
      code: "remote-unreachable",
    },
    {
      fault: "refuses our credentials",
      rule: { match: {}, fault: { do: "status", code: 401 } },
      code: "remote-access-denied",
    },
    {
      fault: "answers with a page",
      rule: { match: fetches, fault: { do: "answer", body: "<html>Sign in</html>" } },
      code: "remote-without-main",
    },
    {
      fault: "sends half of each answer",
      rule: { match: { ...fetches, method: ["POST"] }, fault: { do: "halve-body" } },
      code: "remote-unreachable",
    },
    {
      fault: "breaks the line in the middle of each answer",
      rule: { match: { ...fetches, method: ["POST"] }, fault: { do: "break-body" } },
      code: "remote-unreachable",
    },
    {
      fault: "never answers",
      rule: { match: {}, fault: { do: "hang" } },
      code: "remote-unreachable",
    },
    {
      fault: "lets us read only",
      rule: { match: { path: /receive-pack/ }, fault: { do: "status", code: 403 } },
      code: "push-refused",
    },
  ];
  test.each(cases)(
    "a remote that $fault leaves clusters as they are, and is followed again",
    async ({ rule, code }) => {
      const remote = await runningRemote();
      const { fleet, proxy } = remote;
      proxy.setRules(rule);
      await push(remote, "1.1.0", "2");
      await fleet.engine.look();
      expect(fleet.engine.ready()).toMatchObject({ ready: true, problems: [{ code }] });
      expect(await fleet.running("one")).toBe("1");
      if (code !== "push-refused") await isWatchedOver(fleet);
      proxy.setRules();
      if (code === "push-refused") await fleet.engine.look();
      await heals(remote, "1.1.0", "2");
    },
  );

  test("a remote that trickles holds up nothing but the look, which comes to its end", async () => {
    const remote = await runningRemote();
    const { fleet, proxy } = remote;
    await push(remote, "1.1.0", "2");
    proxy.setRules({ match: fetches, fault: { do: "trickle", bytes: 30, ms: 100 } });
    let isLooking = true;
    const looking = fleet.engine.look().finally(() => {
      isLooking = false;
    });
    await isWatchedOver(fleet);
    expect(isLooking).toBe(true);
    await looking;
    proxy.setRules();
    await heals(remote, "1.1.0", "2");
  });

  test("a main that was set back to an older commit sets the cluster back, and forward again", async () => {
    const remote = await runningRemote();
    const { fleet, clone } = remote;
    await git(clone, "pull", "-q", "origin", "main");
    const before = await git(clone, "rev-parse", "HEAD");
    await push(remote, "1.1.0", "2");
    await fleet.engine.look();
    await heals(remote, "1.1.0", "2");
    await git(clone, "pull", "-q", "origin", "main");
    const after = await git(clone, "rev-parse", "HEAD");
    await git(clone, "push", "-q", "--force", "origin", `${before}:main`);
    expect(await fleet.sync()).toMatchObject([{ health: "healthy", profiles: [{ version: "1.0.0" }] }]);
    expect(await fleet.running("one")).toBe("1");
    await git(clone, "push", "-q", "origin", `${after}:main`);
    expect(await fleet.sync()).toMatchObject([{ health: "healthy", profiles: [{ version: "1.1.0" }] }]);
    await heals(remote, "1.1.0", "2");
  });

  test.each([
    ["another", "2.0.0", "other"],
    ["the same", "1.0.0", "1"],
  ])(
    "a main of another history, with %s content, is another repository: nothing is done for it",
    async (_what, version, value) => {
      const remote = await runningRemote();
      const { fleet, bare, clone } = remote;
      await git(clone, "fetch", "-q", "origin");
      const before = await git(clone, "rev-parse", "origin/main");
      const other = await tempRepo();
      await git(other, "remote", "add", "origin", bare);
      const files = { [PROFILE_FILE]: profileText(version), [fleet.file("one")]: fleet.text("one", version) };
      await commitFiles(other, { ...files, ...fleet.layer(value) }, "Another beginning");
      await git(other, "push", "-q", "--force", "origin", "main");
      expect(await fleet.sync()).toMatchObject([
        { health: "degraded", blockedBy: [{ code: "inventory-of-another-repository" }] },
      ]);
      expect(await fleet.running("one")).toBe("1");
      await git(clone, "push", "-q", "--force", "origin", `${before}:main`);
      expect(await fleet.sync()).toMatchObject([{ health: "healthy", blockedBy: [] }]);
      expect(await fleet.running("one")).toBe("1");
    },
  );
});
