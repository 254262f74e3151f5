import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Fleet, makeFleet } from "./fleet.ts";
import { inPipe } from "./in-terminal.ts";
import { homeEnvironment } from "./run-strata.ts";

const LAYERS = ["config", "web", "api", "jobs"];

export function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: app\ndata:\n  one: ${value}\n`;
}

/** Commits files of a fleet's repository, and makes the revisions that they call for. */
export async function commitFiles(fleet: Fleet, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(fleet.repo, path)), { recursive: true });
    await writeFile(join(fleet.repo, path), text);
  }
  const options = { cwd: fleet.repo, env: homeEnvironment(fleet.home) };
  execFileSync("git", ["add", "-A"], options);
  execFileSync("git", ["commit", "-q", "-m", "More"], options);
  expect(await fleet.run(["release"])).toMatchObject({ code: 0 });
}

export function layerFile(layer: string): string {
  return `profiles/app/${layer}/map.yaml`;
}

/** A fleet with profile app@1.0.0 of four layers, each one ConfigMap, and clusters that run it. */
export async function layeredFleet(clusters: readonly string[]): Promise<Fleet> {
  const made = await makeFleet();
  const run: Fleet["run"] = (args, stdin) => inPipe(made, args, stdin);
  const json: Fleet["json"] = async (args) => {
    const { code, stdout, stderr } = await run([...args, "-o", "json"]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const fleet = { ...made, run, json };
  const layers = LAYERS.map((name) => `    - { name: ${name}, type: manifest }\n`).join("");
  const profile = `apiVersion: strata.dev/v1alpha1\nkind: Profile\nmetadata: { name: app }\nspec:\n  version: 1.0.0\n  layers:\n${layers}`;
  const maps = LAYERS.map((name) => [layerFile(name), configMap(name, "a")] as const);
  await commitFiles(fleet, { "profiles/app/profile.yaml": profile, ...Object.fromEntries(maps) });
  for (const name of clusters)
    await fleet.json(["cluster", "create", name, "--sandbox", "--profile", "app@1.0.0", "--tag", "all"]);
  return fleet;
}
