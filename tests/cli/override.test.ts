import { describe, expect, test } from "vitest";
import { inTerminal } from "./in-terminal.ts";
import { configMap, layeredFleet } from "./layers.ts";

const WEB = ["cluster", "override", "dev", "app/web"];

describe("cluster override", () => {
  test("shows a text that goes into a file and comes back, and in a terminal with its marks", async () => {
    const fleet = await layeredFleet(["dev"]);
    expect((await fleet.run([...WEB, "--file", "-"], configMap("web", "b"))).code).toBe(0);
    const shown = await fleet.run([...WEB, "--show"]);
    expect(shown).toMatchObject({ code: 0, stdout: configMap("web", "b") });
    expect((await fleet.run([...WEB, "--file", "-"], shown.stdout.replace("one: b", "one: c"))).code).toBe(0);
    expect((await fleet.run([...WEB, "--show"])).stdout).toBe(configMap("web", "c"));
    const marked = await inTerminal(fleet, [...WEB, "--show", "--no-color"]);
    expect(marked.stdout).toContain("  6 data:\n! 7   one: c\n");
  });

  test.each([
    ["--file", "x.yaml"],
    ["--remove", "data.one"],
  ])("does not show and take %s", async (...option) => {
    const fleet = await layeredFleet(["dev"]);
    const refused = await fleet.run([...WEB, "--show", ...option]);
    expect(refused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--show") });
  });

  test("says in its commit what it changes", async () => {
    const fleet = await layeredFleet(["dev"]);
    const change = async (...args: string[]) => (await fleet.run([...WEB, ...args], text)).stdout.slice(13);
    let text = configMap("web", "b");
    expect(await change("--file", "-")).toBe("Override data.one of ConfigMap web on dev\n");
    text = configMap("web", "c\n  two: d\n  three: e");
    expect(await change("--file", "-")).toBe("Override data.one of ConfigMap web and 2 more on dev\n");
    const key = "a-key-that-is-much-too-long-for-the-subject-of-a-commit";
    text = configMap("web", `c\n  two: d\n  three: e\n  ${key}: f`);
    expect(await change("--file", "-")).toBe("Override ConfigMap web on dev\n");
    expect(await change("--remove", "data.two")).toBe(
      "Drop the override of data.two of ConfigMap web on dev\n",
    );
    text = configMap("web", "a");
    expect(await change("--file", "-")).toBe(
      "Drop the override of data.one of ConfigMap web and 2 more on dev\n",
    );
  });

  test("is listed whole by cluster show, in a terminal of any width, with its state", async () => {
    const fleet = await layeredFleet(["dev"]);
    const labels = ["one", "two"].map((name) => `    example.com/a-label-that-is-long-${name}: x\n`);
    const text = configMap("web", "b").replace("\ndata:", `\n  labels:\n${labels.join("")}data:`);
    expect((await fleet.run([...WEB, "--file", "-"], text)).code).toBe(0);
    const show = ["cluster", "show", "dev", "--no-color"];
    const paths = ["one", "two"].map((name) => `metadata.labels["example.com/a-label-that-is-long-${name}"]`);
    const narrow = (await inTerminal(fleet, show, { columns: 80 })).stdout;
    expect(narrow).toContain(
      `\napp/web  ConfigMap app/web\n  ${paths[0]}  kept\n    this cluster  "x"\n    profile       (none)\n  ${paths[1]}  kept\n`,
    );
    expect(narrow).toContain('  data.one  kept\n    this cluster  "b"\n    profile       "a"\n');
    expect(narrow).not.toContain("…");
    const wide = (await inTerminal(fleet, show, { columns: 160 })).stdout;
    expect(wide).toMatch(/OVERRIDE IN +OBJECT +PATH +STATE +THIS CLUSTER +PROFILE\n/);
    for (const path of paths) {
      expect(wide).toContain(`${path}  kept `);
      expect((await fleet.run([...WEB, "--remove", path])).code).toBe(0);
    }
  });

  test("lets an editor that is a script work without a terminal", async () => {
    const fleet = await layeredFleet(["dev"]);
    const { strata, homeEnvironment } = await import("./run-strata.ts");
    const env = { ...homeEnvironment(fleet.home), VISUAL: "sed -i s/one:.*/one:\\ z/" };
    expect(await strata(WEB, { cwd: fleet.repo, env })).toMatchObject({ code: 0, stderr: "" });
    expect((await fleet.run([...WEB, "--show"])).stdout).toBe(configMap("web", "z"));
  });
});
