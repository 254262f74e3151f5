import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createCluster } from "../../engine/actions/index.ts";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import type { Desired } from "../../engine/model/desired.ts";
import { fillLock } from "../../engine/repo/locks/fill-locks.ts";
import { release } from "../../engine/repo/release.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { commitFiles, git, openTestRepository, signal, tempDir, writeFiles } from "../support/temp-git.ts";
import { freshRepository, LAYER, PROFILE, V1 } from "./fixture.ts";
import { hashBlob } from "./git/objects.ts";
import { commitEntries, commitLayer, found, foundOnMain, placed, treeOf } from "./plumbing.ts";

const DEV = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] } as const;
const FOLDER = "profiles/hello-universe";
const options = () => ({ signal: signal() });

/** What the profile of main holds, and what the cluster `dev` is to run. */
async function rendered(repo: Repository): Promise<readonly (Desired["steps"] | undefined)[]> {
  const state = await repo.load(signal());
  const entry = state.snapshot.clusters.get("dev");
  if (entry === undefined) throw new Error("there is no cluster");
  const { approvals } = await fillLock(repo.reader, state, entry);
  const renderer = createRenderer(repo.reader);
  const { profiles, settings } = state.snapshot;
  const tree = profiles.get("hello-universe")?.tree ?? "";
  const profile = await renderer.profile("hello-universe", tree, settings.spec);
  return [profile.steps, (await renderer.cluster(entry, approvals, settings.spec)).steps];
}

describe("what is no plain file", () => {
  const LINKS = {
    absolute: "/etc/passwd",
    out: "../../../../../etc/passwd",
    loop: "self.yaml",
    dangling: "gone.yaml",
  };

  test.each([
    "profile.yaml",
    "cluster.yaml",
    "strata.lock",
    "strata.yaml",
    "layer",
    "file of a layer",
    "override",
  ])("a symbolic link as %s is refused at its path, whatever it leads to", async (what) => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    const paths: Readonly<Record<string, string>> = {
      "profile.yaml": PROFILE,
      "cluster.yaml": "clusters/dev/cluster.yaml",
      "strata.lock": "clusters/dev/strata.lock",
      "strata.yaml": "strata.yaml",
      layer: `${FOLDER}/hello-universe`,
      "file of a layer": LAYER,
      override: "clusters/dev/overrides/hello-universe/hello-universe.yaml",
    };
    const path = paths[what] ?? "";
    const code = what === "override" ? "override-misplaced" : "path-refused";
    for (const target of Object.values(LINKS)) {
      await git(dir, "rm", "-r", "-q", "-f", "--ignore-unmatch", path);
      await mkdir(join(dir, path, ".."), { recursive: true });
      await symlink(target, join(dir, path));
      const problems = await found(repo);
      expect(problems.filter((problem) => problem.endsWith(` ${path}`))).toEqual([`${code} ${path}`]);
      await git(dir, "reset", "-q", "--hard");
      await git(dir, "clean", "-q", "-f", "-d");
    }
  });

  test("a chain of links is not followed either, and a link as a whole folder is said", async () => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    await writeFiles(dir, { "real.yaml": "kind: X\n" });
    await symlink("../../../real.yaml", join(dir, FOLDER, "hello-universe/one.yaml"));
    await symlink("one.yaml", join(dir, FOLDER, "hello-universe/two.yaml"));
    expect(await found(repo)).toEqual(
      ["one", "two"].map((name) => `path-refused ${FOLDER}/hello-universe/${name}.yaml`),
    );
    await git(dir, "clean", "-q", "-f", FOLDER);
    await git(dir, "mv", "clusters", "elsewhere");
    await symlink("elsewhere", join(dir, "clusters"));
    await symlink("hello-universe", join(dir, "profiles/again"));
    expect(await found(repo)).toEqual(["path-refused clusters", "path-refused profiles/again"]);
  });

  test("a submodule in a layer, as a layer, a profile or an override is refused", async () => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    const commit = await git(dir, "rev-parse", "HEAD");
    const paths = [`${FOLDER}/hello-universe/sub`, "profiles/sub", "clusters/dev/overrides/hello-universe"];
    await commitEntries(
      dir,
      paths.map((path) => ["160000", commit, path] as const),
    );
    await git(dir, "reset", "-q", "--hard");
    const { snapshot } = await repo.load(signal());
    expect(await foundOnMain(repo)).toContain(`path-refused ${FOLDER}/hello-universe/sub`);
    expect(snapshot.problems.map(placed)).toEqual(["path-refused profiles/sub"]);
    expect(snapshot.clusters.get("dev")?.problems.map(placed)).toEqual([
      "override-misplaced clusters/dev/overrides/hello-universe",
    ]);
  });
});

describe("names of files", () => {
  test("case, Unicode forms, line ends and spaces in names make files of their own", async () => {
    const { dir, repo } = await freshRepository();
    const names = [
      "A.yaml",
      "a.yaml",
      "caf\u00e9.yaml",
      "cafe\u0301.yaml",
      "two\nlines.yaml",
      "a b.yaml",
      "\u202e.yaml",
    ];
    const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
    const files = names.map((name, index) => [`${FOLDER}/hello-universe/${name}`, map(`n${index}`)]);
    await commitFiles(dir, Object.fromEntries(files));
    expect(await found(repo)).toEqual([]);
    await commitFiles(dir, { [`${FOLDER}/hello-universe/two\nlines.yaml`]: "kind: X\n" });
    expect([...new Set(await found(repo))]).toEqual([
      `manifest-invalid ${FOLDER}/hello-universe/two\nlines.yaml`,
    ]);
  });

  test("a directory whose name no profile can have is named, and so is what an object twice in other letters is not", async () => {
    const { dir, repo } = await freshRepository();
    const text = (await git(dir, "show", `HEAD:${PROFILE}`)).replaceAll("hello-universe", "Hello");
    await commitFiles(dir, { "profiles/Hello/profile.yaml": text, "profiles/-x/profile.yaml": text });
    expect(await found(repo)).toEqual(["name-invalid profiles/-x", "name-invalid profiles/Hello"]);
  });

  test("what stands in folders whose names begin alike is no part of a profile, a layer or a cluster", async () => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    const before = await rendered(repo);
    expect(before).toMatchObject([[[{ objects: [{}, {}, {}] }]], [[{ objects: [{}, {}, {}] }]]]);
    const evil = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: evil }\n";
    await commitFiles(dir, {
      [`${FOLDER}-evil/hello-universe/evil.yaml`]: evil,
      "clusters/dev-evil/overrides/hello-universe/hello-universe.yaml": evil,
    });
    await release(repo, options());
    expect(await git(dir, "tag", "--list", "revisions/*")).toBe("revisions/hello-universe/1.0.0/1");
    await commitFiles(dir, { [`${FOLDER}/hello-universe-evil/evil.yaml`]: evil });
    expect(await rendered(repo)).toEqual(before);
  });

  test.each([".GIT", ".git", "..", ".", "a/b"])(
    "%j in a tree that a tool pushed is refused",
    async (name) => {
      const { dir } = await freshRepository();
      const inner = await treeOf(dir, "100644", "x.yaml", await hashBlob(dir, "kind: X\n"));
      await commitLayer(dir, await treeOf(dir, "40000", name, inner));
      const bare = join(await tempDir(), "fleet.git");
      await git(dir, "clone", "-q", "--bare", dir, bare);
      expect(await foundOnMain(await openTestRepository(bare))).toEqual([
        `path-refused ${FOLDER}/hello-universe`,
      ]);
    },
  );

  test("a name that is not UTF-8 is read, and an object in it is told with a readable name", async () => {
    const { dir, repo } = await freshRepository();
    const path = Buffer.concat([
      Buffer.from(`${dir}/${FOLDER}/hello-universe/`),
      Buffer.from([0xff]),
      Buffer.from(".yaml"),
    ]);
    await writeFile(path, "kind: X\n");
    expect([...new Set(await found(repo))]).toEqual([
      `manifest-invalid ${FOLDER}/hello-universe/\ufffd.yaml`,
    ]);
  });
});
