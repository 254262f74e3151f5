import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ClusterView } from "../../engine/model/view.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { initFleet, interrupted, startServe } from "./cli.ts";
import { onEachTarget } from "./targets.ts";

/** With a volume to bind to: the real servers of the tests make none. */
const CLAIM = `apiVersion: v1
kind: PersistentVolume
metadata: { name: delete-test }
spec:
  storageClassName: by-hand
  accessModes: [ReadWriteOnce]
  capacity: { storage: 1Gi }
  hostPath: { path: /nonexistent }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: hello-universe }
spec:
  storageClassName: by-hand
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
`;
const HELD = `apiVersion: v1
kind: ConfigMap
metadata: { name: held, namespace: hello-universe, finalizers: [example.com/hold] }
`;
const IMPATIENT = "apiVersion: strata.dev/v1alpha1\nkind: Settings\nspec: { deletion: { forceAfter: 1s } }\n";
const DELETE = ["cluster", "delete", "dev", "--confirm", "dev"];

onEachTarget(1, (makeTarget) => {
  test("a deleted cluster is uninstalled and goes; what blocks is named, what is kept is said", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    await commitFiles(fleet, { "profiles/hello-universe/hello-universe/more.yaml": `${CLAIM}---\n${HELD}` });
    await startServe(cli, fleet, target.serve);
    const create = ["cluster", "create", "dev", "--profile", "hello-universe@1.0.0", ...target.connection(0)];
    await cli.ok([...create, "--wait"]);
    const kubectl = (...args: string[]) => target.kubectl(cli, 0, "dev", ...args);
    const named = async () =>
      (await kubectl("get", "deployment,service,configmap,pvc", "-n", "hello-universe", "-o", "name"))
        .split("\n")
        .filter((line) => line !== "" && !line.includes("kube-root-ca"));
    const running = await named();
    expect(running).toHaveLength(4);

    // The name must be said, and a removed directory uninstalls nothing.
    expect(await cli.run(["cluster", "delete", "dev", "--confirm", "prod"])).toMatchObject({ code: 2 });
    const before = await git(fleet, "rev-parse", "main");
    await git(fleet, "rm", "-r", "-q", "clusters/dev");
    await git(fleet, "commit", "-q", "-m", "Remove dev by hand");
    await cli.ok(["sync"]);
    const orphaned = { name: "dev", health: "orphaned", blockedBy: [{ code: "cluster-orphaned" }] };
    expect(await cli.json<ClusterView[]>(["cluster", "list"])).toMatchObject([orphaned]);
    expect(await cli.json(["cluster", "show", "dev"])).toMatchObject(orphaned);
    expect(await named()).toEqual(running);
    await git(fleet, "revert", "--no-edit", "HEAD");
    await cli.ok(["sync"]);
    expect(await cli.json(["cluster", "show", "dev"])).toMatchObject({ health: "healthy", blockedBy: [] });

    // Again, and finished: the ConfigMap's finalizer blocks, and is named.
    await git(fleet, "rm", "-r", "-q", "clusters/dev");
    await git(fleet, "commit", "-q", "-m", "Remove dev by hand again");
    expect(await cli.run(DELETE)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cluster-unknown"),
    });
    await cli.ok(["cluster", "finish", "dev"]);
    const blocked = async () => (await cli.json<ClusterView>(["cluster", "show", "dev"])).blockedBy;
    const held = {
      object: "ConfigMap hello-universe/held",
      message: expect.stringContaining("example.com/hold"),
    };
    await expect.poll(blocked, { timeout: 60_000 }).toContainEqual(expect.objectContaining(held));
    expect(await cli.json(["cluster", "show", "dev"])).toMatchObject({ health: "deleting" });
    expect(await cli.run([...DELETE, "--force"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("deletion-too-young"),
    });
    const use = ["cluster", "use", "dev", "hello-universe@1.0.0"];
    expect(await cli.run(use)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("cluster-deleting"),
    });
    // Who waits now sees it at once, when the time is over, and when they leave.
    const late = await cli.run([...DELETE, "--wait", "--timeout", "2s"]);
    expect(late).toMatchObject({ code: 1, stdout: expect.stringContaining("Delete cluster dev") });
    const [begun = "", ended = ""] = late.stderr.split("error[sync-timeout]");
    expect(begun).toMatch(
      /dev\/hello-universe\/hello-universe waiting .*; ConfigMap hello-universe\/held: .*example\.com\/hold/,
    );
    expect(ended).toMatch(
      /dev: it is being deleted.*example\.com\/hold.*\n {2}at ConfigMap hello-universe\/held/,
    );
    const left = await interrupted(cli, fleet, [...DELETE, "--wait"], "hello-universe/held");
    expect(left).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("the engine goes on by itself"),
    });
    await commitFiles(fleet, { "strata.yaml": IMPATIENT });
    const force = () => cli.run([...DELETE, "--force", "--dry-run"]);
    await expect.poll(async () => (await force()).code, { timeout: 20_000, interval: 300 }).toBe(0);
    const forced = (await force()).stdout;
    expect(forced).toMatch(
      /Left in the cluster:\n {2}- ConfigMap hello-universe\/held: .*example\.com\/hold/,
    );
    expect(forced).toMatch(/^ {2}- Namespace hello-universe$/m);
    const release = '{"metadata":{"finalizers":null}}';
    await kubectl("patch", "configmap", "held", "-n", "hello-universe", "--type=merge", "-p", release);
    await expect.poll(() => cli.json(["cluster", "list"]), { timeout: 60_000 }).toEqual([]);
    expect(existsSync(join(fleet, "clusters/dev"))).toBe(false);
    expect(await git(fleet, "log", "-1", "--format=%an: %B")).toMatch(
      /^Strata: Remove cluster dev\n\nKept in the cluster, on purpose:\n[^]*- PersistentVolumeClaim hello-universe\/data: [^]*Strata-Cluster: dev/,
    );
    expect(await git(fleet, "merge-base", "--is-ancestor", before, "main")).toBe("");
  }, 300_000);

  test("delete --wait ends when the cluster is gone, and its profile can go too", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    const serving = await startServe(cli, fleet, target.serve);
    // What was there before is adopted: it stays when the cluster goes.
    await cli.ok(["cluster", "create", "dev", ...target.connection(0), "--wait"]);
    const namespace = ["create", "namespace", "hello-universe"];
    await target.kubectl(cli, 0, "dev", ...namespace).catch((error: unknown) => {
      if (!String(error).includes("AlreadyExists")) throw error;
    });
    await cli.ok(["cluster", "attach", "dev", "hello-universe@1.0.0", "--wait"]);
    const profile = ["profile", "delete", "hello-universe@1.0.0"];
    expect(await cli.run(profile)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("version-in-use"),
    });
    const deleted = await cli.run([...DELETE, "--wait"]);
    expect(deleted).toMatchObject({ code: 0, stdout: expect.stringContaining("Delete cluster dev") });
    expect(deleted.stderr).toMatch(/✔ dev\/hello-universe\/hello-universe gone/);
    expect(deleted.stderr).toMatch(
      /dev deleted \(.*\)\n(Kept .*\n(- .*\n)+)?Released, as it was there before Strata:\n- /,
    );
    expect(await cli.json(["cluster", "list"])).toEqual([]);
    const labelled = [
      "get",
      "deployments,services",
      "-A",
      "-l",
      "applyset.kubernetes.io/part-of",
      "-o",
      "name",
    ];
    expect((await target.kubectl(cli, 0, "dev", ...labelled).catch(() => "")).trim()).toBe("");
    expect(await serving.stop()).toBe(0);
  }, 300_000);
});
