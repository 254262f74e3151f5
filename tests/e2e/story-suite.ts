import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ClusterView, RevisionView } from "../../engine/model/view.ts";
import { git, tempDir } from "../support/temp-git.ts";
import { type Cli, createCli, startServe } from "./cli.ts";
import { API_LAYER, frontEndWithApi } from "../../cli/demo/layers.ts";
import { killInApply } from "./killed-apply.ts";
import type { Target } from "./targets.ts";

const LAYER = "profiles/hello-universe/hello-universe/hello-universe.yaml";

/** What Strata applied to the front end: its own fields, as the API server recorded them. */
async function appliedState(target: Target, cli: Cli): Promise<string> {
  const args = [
    "get",
    "deployment,service,namespace",
    "-n",
    "hello-universe",
    "-o",
    "json",
    "--show-managed-fields",
  ];
  const list = JSON.parse(await target.kubectl(cli, 0, "aws-cluster", ...args)) as { items: LiveObject[] };
  return JSON.stringify(
    list.items
      .filter((item) => item.metadata.name.startsWith("hello-universe"))
      .map(({ kind, metadata, spec }) => ({
        kind,
        name: metadata.name,
        labels: metadata.labels,
        fields: metadata.managedFields
          ?.filter(({ manager }) => manager === "strata")
          .map(({ fieldsV1 }) => fieldsV1),
        template: spec?.template,
        replicas: spec?.replicas,
      })),
  );
}

interface LiveObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: unknown;
    readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: unknown }[];
  };
  readonly spec?: { readonly template?: unknown; readonly replicas?: number };
}

/** The story on one target: command line and Git only. */
export function storySuite(makeTarget: () => Target): void {
  test("the story: two clusters, a new version and back, by command and by push, revisions, kill -9", async () => {
    const target = makeTarget();
    const home = await tempDir();
    const fleet = join(home, "fleet");
    const cli = createCli(home, fleet);
    const show = (name: string) => cli.json<ClusterView>(["cluster", "show", name]);
    const image = async () =>
      target.kubectl(
        cli,
        0,
        "aws-cluster",
        "get",
        "deployment",
        "hello-universe-deployment",
        "-n",
        "hello-universe",
        "-o",
        "jsonpath={.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env}",
      );

    // Two clusters, each with its profile.
    await cli.ok(["init", fleet], { cwd: home });
    let serving = await startServe(cli, fleet, target.serve);
    await cli.ok([
      "cluster",
      "create",
      "aws-cluster",
      "--profile",
      "hello-universe@1.0.0",
      ...target.connection(0),
      "--wait",
    ]);
    const first = await appliedState(target, cli);
    expect(await image()).toBe("ghcr.io/spectrocloud/hello-universe:1.0.0 ");
    await cli.ok(["profile", "clone", "hello-universe@1.0.0", "hello-universe-api"]);
    await cli.ok(["profile", "edit", "hello-universe-api@1.0.0", "hello-universe", "--file", "-"], {
      input: API_LAYER,
    });
    await cli.ok([
      "cluster",
      "create",
      "aws-cluster-api",
      "--profile",
      "hello-universe-api@1.0.0",
      ...target.connection(1),
      "--wait",
    ]);
    const api = await show("aws-cluster-api");
    expect(api).toMatchObject({
      health: "healthy",
      profiles: [{ version: "1.0.0", layers: [{ state: "healthy" }] }],
    });
    expect(api.urls).toEqual([expect.stringMatching(/^http:\/\/[\d.]+:3000$/)]);
    expect((await show("aws-cluster")).urls).toEqual([expect.stringMatching(/:8080$/)]);

    // Tags and a filter.
    await cli.ok(["cluster", "tag", "aws-cluster", "service:hello-universe-frontend"]);
    await cli.ok(["cluster", "tag", "aws-cluster-api", "service:hello-universe-backend"]);
    const found = await cli.json<ClusterView[]>([
      "cluster",
      "list",
      "--filter",
      "tags is service:hello-universe-frontend",
    ]);
    expect(found.map((cluster) => cluster.name)).toEqual(["aws-cluster"]);

    // A new version touches no cluster.
    const before = await show("aws-cluster");
    await cli.ok(["profile", "version", "hello-universe@1.1.0"]);
    expect(
      await git(
        fleet,
        "diff",
        "--stat",
        "profiles/hello-universe/1.0.0",
        "profiles/hello-universe/1.1.0",
        "--",
        "profiles/hello-universe/hello-universe",
      ),
    ).toBe("");
    const text = await readFile(join(fleet, LAYER), "utf8");
    const address = api.urls[0] ?? "";
    await cli.ok(["profile", "edit", "hello-universe@1.1.0", "hello-universe", "--file", "-"], {
      input: frontEndWithApi(text, address),
    });
    await cli.ok(["sync"]);
    expect(await show("aws-cluster")).toEqual(before);
    expect(await appliedState(target, cli)).toBe(first);

    // Choose it, and come back in one action.
    await cli.ok(["cluster", "use", "aws-cluster", "hello-universe@1.1.0", "--wait"]);
    expect(await show("aws-cluster")).toMatchObject({
      health: "healthy",
      profiles: [{ version: "1.1.0", layers: [{ state: "healthy" }] }],
    });
    expect(await image()).toContain(`hello-universe:1.1.0 [{"name":"API_URI","value":"${address}"}]`);
    await cli.ok(["cluster", "rollback", "aws-cluster", "--wait"]);
    expect(await image()).toBe("ghcr.io/spectrocloud/hello-universe:1.0.0 ");
    expect(await appliedState(target, cli)).toBe(first);

    // The same by plain Git: only cluster.yaml is edited, the engine writes the lock.
    const file = join(fleet, "clusters/aws-cluster/cluster.yaml");
    for (const version of ["1.1.0", "1.0.0"]) {
      const now = version === "1.1.0" ? "1.0.0" : "1.1.0";
      await writeFile(file, (await readFile(file, "utf8")).replace(`version: ${now}`, `version: ${version}`));
      await git(fleet, "commit", "-q", "-a", "-m", `Run ${version}`);
      await cli.ok(["sync", "aws-cluster"]);
      expect(await show("aws-cluster")).toMatchObject({ health: "healthy", profiles: [{ version }] });
      expect(await image()).toContain(`hello-universe:${version}`);
    }
    expect(await appliedState(target, cli)).toBe(first);
    expect(await git(fleet, "status", "--porcelain")).toBe("");

    // An edit of 1.0.0 in place while 1.1.0 is main's.
    const old = await git(fleet, "show", `profiles/hello-universe/1.0.0:${LAYER}`);
    const edit = ["profile", "edit", "hello-universe@1.0.0", "hello-universe", "--file", "-"];
    await cli.ok(edit, { input: `${old.replace("replicas: 2", "replicas: 3")}\n` });
    await cli.ok(["sync"]);
    expect(await show("aws-cluster")).toMatchObject({
      profiles: [{ version: "1.0.0", revision: 1, updatesAvailable: true }],
    });
    const history = await cli.json<RevisionView[]>(["profile", "history", "hello-universe@1.0.0"]);
    expect(history.map(({ number, current }) => [number, current])).toEqual([
      [2, true],
      [1, false],
    ]);
    const replicas = () =>
      target.kubectl(
        cli,
        0,
        "aws-cluster",
        "get",
        "deployment",
        "hello-universe-deployment",
        "-n",
        "hello-universe",
        "-o",
        "jsonpath={.status.readyReplicas}",
      );
    await cli.ok(["cluster", "use", "aws-cluster", "hello-universe@1.0.0", "--revision", "2", "--wait"]);
    expect(await replicas()).toBe("3");
    await cli.ok(["cluster", "use", "aws-cluster", "hello-universe@1.0.0", "--revision", "1", "--wait"]);
    expect(await replicas()).toBe("2");
    expect(await appliedState(target, cli)).toBe(first);

    // The engine is killed in the middle of an apply; a new one converges.
    serving = await killInApply({
      target,
      cli,
      serving,
      layer: await readFile(join(fleet, LAYER), "utf8"),
      restart: () => startServe(cli, fleet, target.serve),
    });
    expect(await show("aws-cluster")).toMatchObject({ health: "healthy", profiles: [{ version: "1.2.0" }] });
    expect(await show("aws-cluster-api")).toMatchObject({ health: "healthy" });
    expect(await image()).toContain("hello-universe:1.1.0");

    // Leaving takes everything along that Strata made, and nothing else.
    for (const [name, profile] of [
      ["aws-cluster", "hello-universe"],
      ["aws-cluster-api", "hello-universe-api"],
    ] as const) {
      await cli.ok(["cluster", "detach", name, profile, "--wait"]);
    }
    for (const index of [0, 1]) {
      const name = index === 0 ? "aws-cluster" : "aws-cluster-api";
      const left = await target.kubectl(
        cli,
        index,
        name,
        "get",
        "configmaps,deployments,services",
        "-A",
        "-o",
        "name",
        "-l",
        "applyset.kubernetes.io/part-of",
      );
      expect(left.trim()).toBe("");
      expect(await target.kubectl(cli, index, name, "get", "namespaces", "-o", "name")).not.toContain(
        "hello-",
      );
    }
    expect(await serving.stop("SIGTERM")).toBe(0);
  }, 300_000);
}
