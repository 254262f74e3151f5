import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { UpdateView } from "../../engine/model/plan.ts";
import { git } from "../support/temp-git.ts";
import { initFleet, startServe } from "./cli.ts";
import { onEachTarget } from "./targets.ts";

const DIR = "profiles/hello-universe/hello-universe";

/** A layer of several files, edited as one text, into the cluster. */
onEachTarget(1, (makeTarget) => {
  test("a file that a layer's text gains, changes and loses is an object that comes, changes and goes", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    const serving = await startServe(cli, fleet, target.serve);
    const profile = ["--profile", "hello-universe@1.0.0"];
    await cli.ok(["cluster", "create", "dev", ...profile, ...target.connection(0), "--wait"]);
    const settings = async () => {
      const query = ["get", "configmaps", "-n", "hello-universe", "-l", "app=hello-universe"];
      return target.kubectl(cli, 0, "dev", ...query, "-o", "jsonpath={.items[*].data.colour}");
    };
    const edit = ["profile", "edit", "hello-universe@1.0.0", "hello-universe"];
    const change = async (make: (text: string) => string) =>
      cli.ok([...edit, "--file", "-"], { input: make(await cli.ok([...edit, "--show"])) });
    const before = await readFile(join(fleet, DIR, "hello-universe.yaml"), "utf8");
    const added = `# What it looks like
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: hello-universe, labels: { app: hello-universe } }
data: { colour: green } # for now
`;

    expect(await change((text) => `${text}---\n# file: settings.yaml\n${added}`)).toContain("new file");
    expect(await readFile(join(fleet, DIR, "settings.yaml"), "utf8")).toBe(added);
    await cli.ok(["sync"]);
    expect(await settings()).toBe("");
    await cli.ok(["cluster", "confirm", "dev", "--wait"]);
    expect(await settings()).toBe("green");

    await change((text) => text.replace("green", "blue"));
    expect(await git(fleet, "show", "--format=", "--numstat")).toBe(`1\t1\t${DIR}/settings.yaml`);
    const broken = { input: (await cli.ok([...edit, "--show"])).replace("\ndata: {", "\ndata: [") };
    expect(await cli.run([...edit, "--file", "-"], broken)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/error\[edit-invalid\].*\n {2}at profiles\S+settings\.yaml:5:\d+/),
    });
    await cli.ok(["cluster", "confirm", "dev", "--wait"]);
    expect(await settings()).toBe("blue");

    // A comment alone is a revision, and no update.
    await change((text) => text.replace("# for now", "# for ever"));
    expect(await cli.json<UpdateView[]>(["updates"])).toEqual([]);

    await change((text) => text.slice(0, text.indexOf("---\n# file: settings.yaml")));
    expect(await git(fleet, "ls-tree", "--name-only", "HEAD", `${DIR}/`)).toBe(`${DIR}/hello-universe.yaml`);
    await cli.ok(["cluster", "confirm", "dev", "--wait"]);
    expect(await settings()).toBe("");
    expect(await readFile(join(fleet, DIR, "hello-universe.yaml"), "utf8")).toBe(before);
    expect(await cli.json(["profile", "history", "hello-universe@1.0.0"])).toHaveLength(5);
    expect(await serving.stop()).toBe(0);
  }, 300_000);
});
