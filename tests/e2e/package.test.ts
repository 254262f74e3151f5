import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { gitEnv } from "../support/temp-git.ts";

const PROJECT = join(import.meta.dirname, "../..");
const Packed = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string(), mode: z.number() })) }),
]);

const exec = promisify(execFile);
/** The Node that runs the tests, before any other that the machine has. */
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);

async function npm(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await exec("npm", args, { cwd, env: { ...process.env, PATH }, maxBuffer: 1 << 26 });
  return stdout;
}

describe("the package", () => {
  let root = "";
  let packed: z.infer<typeof Packed>[0];
  let home = "";

  /** The installed `strata`, as a shell finds it. */
  const strata = (...args: string[]) =>
    exec(join(root, "installed/node_modules/.bin/strata"), args, {
      cwd: home,
      env: { ...gitEnv(), PATH, HOME: home },
    });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "strata-package-"));
    home = join(root, "home");
    for (const folder of ["tarball", "installed", "home"]) await mkdir(join(root, folder));
    [packed] = Packed.parse(
      JSON.parse(
        await npm(PROJECT, "pack", "--json", "--silent", "--pack-destination", join(root, "tarball")),
      ),
    );
    const tarball = join(root, "tarball", packed.filename);
    await npm(join(root, "installed"), "install", "--prefer-offline", "--no-audit", "--no-fund", tarball);
  }, 300_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  test("holds what runs, the template and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "dist/cli/bin.js", "repo-template/strata.yaml"]),
    );
    const others = paths.filter((path) => !/^dist\/.*\.js$|^repo-template\//.test(path));
    expect(others.toSorted()).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(paths.filter((path) => /(^|\/)(tests?|scripts)\/|\.test\./.test(path))).toEqual([]);
  });

  test("starts by its name and says its version", async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8")));
    expect((await strata("--version")).stdout).toBe(`${version}\n`);
  });

  test("makes a repository of its template, which is valid", async () => {
    await strata("init", "fleet");
    const template = join(PROJECT, "repo-template/profiles/hello-universe/profile.yaml");
    expect(await readFile(join(home, "fleet/profiles/hello-universe/profile.yaml"), "utf8")).toBe(
      await readFile(template, "utf8"),
    );
    const checked = await strata("check", "--repo", join(home, "fleet"), "-o", "json");
    expect(JSON.parse(checked.stdout)).toEqual([]);
  });

  test("tells the whole tour, and ends where there is no terminal", async () => {
    const { stdout } = await strata("demo");
    expect(stdout).toContain("$ strata cluster rollback aws-cluster --wait");
    expect(stdout).toMatch(/That was the tour: .*\n$/);
  });

  test("tells an old Node what it lacks", async () => {
    const pretend =
      'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.20.4" })';
    const bin = join(root, "installed/node_modules/strata-gitops/dist/cli/bin.js");
    await expect(exec(process.execPath, ["--import", pretend, bin, "--version"])).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^error\[node-too-old\]: .*24\.15.*18\.20\.4\n {2}hint: /),
    });
  });
});

test("the lock file names no registry: any will do", async () => {
  const Lock = z.object({ packages: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { packages } = Lock.parse(JSON.parse(await readFile(join(PROJECT, "package-lock.json"), "utf8")));
  const entries = Object.entries(packages);
  expect(entries.length).toBeGreaterThan(50);
  expect(entries.filter(([, entry]) => "resolved" in entry).map(([path]) => path)).toEqual([]);
});
