import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkRepository } from "../../engine/fleet/index.ts";
import {
  attachProfile,
  cloneProfile,
  createCluster,
  createVersion,
  deleteVersion,
  editLayer,
  tagCluster,
  useVersion,
} from "../../engine/actions/index.ts";
import { release } from "../../engine/repo/release.ts";
import {
  commitFiles,
  git,
  gitEnv,
  openTestRepository,
  signal,
  tempDir,
  tempRepo,
  writeFiles,
} from "../support/temp-git.ts";
import { codeOf, freshRepository, LAYER, PROFILE, V1 } from "./fixture.ts";

const DEV = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] } as const;
const options = () => ({ signal: signal() });

describe("names and versions", () => {
  test.each(["v1.2", "1.2", "01.2.3", "1.2.3+build", "1.2.3-x.lock", "latest", "", "1.2.3 ", "../1.0.0"])(
    "version %j is refused",
    async (version) => {
      const { dir, repo } = await freshRepository();
      const before = await git(dir, "for-each-ref");
      expect(await codeOf(createVersion(repo, { profile: "hello-universe", version }, options()))).toBe(
        "version-invalid",
      );
      expect(await git(dir, "for-each-ref")).toBe(before);
    },
  );

  test.each(["Upper", "a_b", "-a", "a/b", "a.lock", "..", "a b", "x".repeat(64), "é"])(
    "name %j is refused",
    async (name) => {
      const { repo } = await freshRepository();
      expect(await codeOf(createCluster(repo, { ...DEV, name }, options()))).toBe("name-invalid");
      expect(await codeOf(cloneProfile(repo, { source: V1, name }, options()))).toBe("name-invalid");
    },
  );

  test("what exists, and what does not", async () => {
    const { repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    expect(await codeOf(createCluster(repo, DEV, options()))).toBe("cluster-exists");
    expect(await codeOf(createVersion(repo, V1, options()))).toBe("version-exists");
    expect(await codeOf(cloneProfile(repo, { source: V1, name: "hello-universe" }, options()))).toBe(
      "profile-exists",
    );
    expect(
      await codeOf(useVersion(repo, { cluster: "dev", profile: "nope", version: "1.0.0" }, options())),
    ).toBe("profile-not-attached");
    expect(await codeOf(useVersion(repo, { cluster: "nope", ...V1 }, options()))).toBe("cluster-unknown");
    expect(await codeOf(useVersion(repo, { cluster: "dev", ...V1, version: "9.0.0" }, options()))).toBe(
      "version-unknown",
    );
    expect(await codeOf(useVersion(repo, { cluster: "dev", ...V1, revision: 9 }, options()))).toBe(
      "revision-unknown",
    );
    expect(await codeOf(attachProfile(repo, { cluster: "dev", ...V1 }, options()))).toBe("profile-attached");
    expect(await codeOf(editLayer(repo, { ...V1, layer: "nope", content: "" }, options()))).toBe(
      "layer-unknown",
    );
    expect(await codeOf(deleteVersion(repo, V1, options()))).toBe("version-in-use");
  });

  test("a branch that stands in the way of a version's branch is named", async () => {
    const { dir, repo } = await freshRepository();
    await git(dir, "branch", "versions/hello-universe");
    expect(
      await codeOf(createVersion(repo, { profile: "hello-universe", version: "0.9.0" }, options())),
    ).toBe("ref-name-taken");
  });
});

describe("the repository as people leave it", () => {
  test("an empty repository has nothing wrong and nothing to release", async () => {
    const repo = await openTestRepository(await tempRepo());
    expect((await release(repo, options())).released).toEqual([]);
    expect(await codeOf(useVersion(repo, { cluster: "dev", ...V1 }, options()))).toBe("cluster-unknown");
  });

  test("no Git identity is an error before anything is written", async () => {
    const { dir } = await freshRepository();
    const { GIT_AUTHOR_NAME: _a, GIT_AUTHOR_EMAIL: _b, ...env } = gitEnv();
    const repo = await openTestRepository(dir, env);
    const before = await git(dir, "rev-parse", "main");
    expect(await codeOf(createCluster(repo, DEV, options()))).toBe("git-identity-missing");
    expect(await git(dir, "rev-parse", "main")).toBe(before);
  });

  test("a dirty touched file stops the command and is named; an untouched one does not matter", async () => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    await writeFile(join(dir, "README.md"), "mine\n");
    await tagCluster(repo, { cluster: "dev", tags: ["a"] }, options());
    await writeFile(join(dir, "clusters/dev/cluster.yaml"), "dirty\n");
    const work = tagCluster(repo, { cluster: "dev", tags: ["b"] }, options());
    await expect(work).rejects.toMatchObject({
      code: "dirty-files",
      place: { file: "clusters/dev/cluster.yaml" },
    });
    expect(await git(dir, "status", "--porcelain")).toBe("M README.md\n M clusters/dev/cluster.yaml");
    await git(dir, "add", "clusters");
    expect(await codeOf(tagCluster(repo, { cluster: "dev", tags: ["b"] }, options()))).toBe("dirty-files");
  });

  test("an untracked file in the way is named", async () => {
    const { dir, repo } = await freshRepository();
    await writeFiles(dir, { "clusters/dev/cluster.yaml": "mine\n" });
    expect(await codeOf(createCluster(repo, DEV, options()))).toBe("dirty-files");
  });

  test("a tag and a branch of one name do not confuse anything", async () => {
    const { dir, repo } = await freshRepository();
    await git(dir, "branch", "profiles/hello-universe/1.0.0");
    await git(dir, "tag", "main");
    await createCluster(repo, DEV, options());
    expect((await release(repo, options())).released).toEqual([]);
    expect((await repo.load(signal())).snapshot.clusters.has("dev")).toBe(true);
  });

  test("lightweight, annotated and nested tags are versions; one that ends in a tree is not", async () => {
    const { dir, repo } = await freshRepository();
    const profile = await git(dir, "show", `HEAD:${PROFILE}`);
    await git(dir, "checkout", "-q", "-b", "side");
    const commit = await commitFiles(dir, { [PROFILE]: `${profile.replace("1.0.0", "2.0.0")}\n` });
    await git(dir, "tag", "-a", "-m", "inner", "inner");
    await git(dir, "tag", "-a", "-m", "outer", "profiles/hello-universe/2.0.0", "inner");
    await git(dir, "tag", "profiles/hello-universe/3.0.0", "HEAD^{tree}");
    const passed = await release(repo, options());
    expect(passed.released).toMatchObject([{ version: "2.0.0", commit, source: "tag" }]);
    expect(passed.conditions).toMatchObject([{ code: "version-ref-unusable" }]);
  });

  test("a tag whose content declares another version is reported and ignored", async () => {
    const { dir, repo } = await freshRepository();
    await git(dir, "tag", "profiles/hello-universe/4.0.0");
    const passed = await release(repo, options());
    expect(passed.released).toEqual([]);
    expect(passed.conditions[0]?.message).toContain("declares 1.0.0");
  });
});

describe("histories", () => {
  test("an amended commit, a revert and a rewritten main come out right", async () => {
    const { dir, repo } = await freshRepository();
    const text = await git(dir, "show", `HEAD:${LAYER}`);
    const replicas = (count: number) => `${text.replace("replicas: 2", `replicas: ${count}`)}\n`;
    await commitFiles(dir, { [LAYER]: replicas(3) });
    expect((await release(repo, options())).released).toMatchObject([{ number: 2 }]);
    await writeFiles(dir, { [LAYER]: replicas(4) });
    await git(dir, "commit", "-q", "-a", "--amend", "-m", "Amended");
    expect((await release(repo, options())).released).toMatchObject([{ number: 3 }]);
    await git(dir, "reset", "-q", "--hard", "HEAD^");
    expect((await release(repo, options())).released).toMatchObject([{ number: 4 }]);
    expect((await release(repo, options())).released).toEqual([]);
  });

  test("50 commits at once release the last", async () => {
    const { dir, repo } = await freshRepository();
    const text = await git(dir, "show", `HEAD:${LAYER}`);
    for (let count = 3; count < 53; count++)
      await commitFiles(
        dir,
        { [LAYER]: `${text.replace("replicas: 2", `replicas: ${count}`)}\n` },
        `${count}`,
      );
    const { released } = await release(repo, options());
    expect(released).toMatchObject([{ number: 2, commit: await git(dir, "rev-parse", "HEAD") }]);
  });

  test("a merge of two branches releases what it made once", async () => {
    const { dir, repo } = await freshRepository();
    await git(dir, "checkout", "-q", "-b", "side");
    const text = await git(dir, "show", `HEAD:${LAYER}`);
    await commitFiles(dir, { [LAYER]: `${text.replace("replicas: 2", "replicas: 6")}\n` }, "Six");
    await git(dir, "checkout", "-q", "main");
    await commitFiles(dir, { "NOTES.md": "other\n" }, "Other");
    await git(dir, "merge", "-q", "--no-ff", "-m", "Merge side", "side");
    expect((await release(repo, options())).released).toMatchObject([{ number: 2 }]);
  });

  test("a deleted version pushed back by a stale clone is reported and ignored", async () => {
    const { dir, repo } = await freshRepository();
    await createVersion(repo, { profile: "hello-universe", version: "1.1.0" }, options());
    const old = await git(dir, "rev-parse", "profiles/hello-universe/1.0.0");
    await deleteVersion(repo, V1, options());
    await git(dir, "tag", "profiles/hello-universe/1.0.0", old);
    const passed = await release(repo, options());
    expect(passed.released).toEqual([]);
    expect(passed.conditions).toMatchObject([{ code: "version-deleted" }]);
    expect(await codeOf(createCluster(repo, DEV, options()))).toBe("version-deleted");
  });

  test("main never undoes what it never held", async () => {
    const { dir, repo } = await freshRepository();
    const text = await git(dir, "show", `HEAD:${LAYER}`);
    await git(dir, "checkout", "-q", "-b", "hotfix");
    await commitFiles(dir, { [LAYER]: `${text.replace("replicas: 2", "replicas: 9")}\n` }, "Hotfix");
    await git(dir, "tag", "-f", "profiles/hello-universe/1.0.0");
    expect((await release(repo, options())).released).toMatchObject([{ number: 2, source: "tag" }]);
    await git(dir, "checkout", "-q", "main");
    await commitFiles(dir, { [LAYER]: `${text.replace("replicas: 2", "replicas: 5")}\n` }, "Five");
    const passed = await release(repo, options());
    expect(passed.released).toEqual([]);
    expect(passed.conditions).toMatchObject([{ code: "main-never-held" }]);
    await git(dir, "merge", "-q", "-X", "ours", "-m", "Merge the hotfix", "hotfix");
    expect((await release(repo, options())).released).toMatchObject([
      { number: 3, source: "refs/heads/main" },
    ]);
  });

  test("tags and description alone make no revision; a comment does", async () => {
    const { dir, repo } = await freshRepository();
    const profile = await git(dir, "show", `HEAD:${PROFILE}`);
    await commitFiles(dir, {
      [PROFILE]: `${profile.replace("description: A small", "description: Another").replace("metadata:\n", "metadata:\n  tags: [team:web]\n")}\n`,
    });
    expect((await release(repo, options())).released).toEqual([]);
    await commitFiles(dir, { [LAYER]: `# a comment\n${await git(dir, "show", `HEAD:${LAYER}`)}\n` });
    expect((await release(repo, options())).released).toMatchObject([{ number: 2 }]);
  });
});

describe("strata check", () => {
  async function problemsOf(files: Readonly<Record<string, string>>) {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    await writeFiles(dir, files);
    return checkRepository(repo, { requireLock: false }, options());
  }

  test("names file, line and column of an unknown field", async () => {
    const cluster =
      "apiVersion: strata.dev/v1alpha1\nkind: Cluster\nmetadata:\n  name: x\nspec:\n  connection: { context: a }\n  profils: []\n";
    expect(await problemsOf({ "clusters/x/cluster.yaml": cluster })).toMatchObject([
      { code: "schema-invalid", file: "clusters/x/cluster.yaml", line: 7, column: 3, object: "spec.profils" },
    ]);
  });

  test("a credential in a connection is refused by name", async () => {
    const cluster =
      "apiVersion: strata.dev/v1alpha1\nkind: Cluster\nmetadata:\n  name: x\nspec:\n  connection: { server: https://a, token: s3cret }\n";
    const problems = await problemsOf({ "clusters/x/cluster.yaml": cluster });
    expect(problems).toMatchObject([{ code: "credentials-in-repository" }]);
    expect(JSON.stringify(problems)).not.toContain("s3cret");
  });

  test("directory and name must agree; an unknown profile and version are named", async () => {
    const cluster =
      "apiVersion: strata.dev/v1alpha1\nkind: Cluster\nmetadata:\n  name: z\nspec:\n  connection: { context: a }\n  profiles: []\n";
    expect(await problemsOf({ "clusters/x/cluster.yaml": cluster })).toMatchObject([
      { code: "name-mismatch" },
    ]);
    const unknown = cluster.replace("name: z", "name: x").replace("[]", "[{ name: nope, version: 1.0.0 }]");
    expect(await problemsOf({ "clusters/x/cluster.yaml": unknown })).toMatchObject([
      { code: "profile-unknown" },
    ]);
  });

  test("two layers with one object, a missing layer, a symbolic link", async () => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    const profile = await git(dir, "show", `HEAD:${PROFILE}`);
    const namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: hello-universe\n";
    await writeFiles(dir, {
      [PROFILE]: `${profile}\n    - { name: more, type: manifest }\n    - { name: gone, type: manifest }\n`,
      "profiles/hello-universe/more/a.yaml": namespace,
    });
    const { symlink } = await import("node:fs/promises");
    await symlink("/etc/passwd", join(dir, "profiles/hello-universe/more/b.yaml"));
    const problems = await checkRepository(repo, { requireLock: false }, options());
    expect(problems.map((problem) => problem.code).sort()).toEqual(["layer-missing", "path-refused"]);
    await git(dir, "clean", "-q", "-f", "profiles/hello-universe/more/b.yaml");
    await writeFiles(dir, { "profiles/hello-universe/gone/c.yaml": "# nothing\n" });
    await git(dir, "add", "-A");
    await git(dir, "commit", "-q", "-m", "More");
    await release(repo, options());
    await useVersion(repo, { cluster: "dev", ...V1, latest: true }, options());
    expect(await checkRepository(repo, { requireLock: false }, options())).toMatchObject([
      { code: "object-duplicate", file: "profiles/hello-universe/more/a.yaml" },
    ]);
  });

  test("a lock that a merge blended is an error; a missing one a warning, with --require-lock an error", async () => {
    const { dir, repo } = await freshRepository();
    await createCluster(repo, DEV, options());
    await writeFiles(dir, {
      "clusters/dev/strata.lock": `profiles:\n  hello-universe: { version: 1.0.0, revision: 1, tree: ${"ab".repeat(20)} }\n`,
    });
    expect(await checkRepository(repo, { requireLock: false }, options())).toMatchObject([
      { code: "lock-content-unknown", severity: "error" },
    ]);
    await writeFiles(dir, { "clusters/dev/strata.lock": "profiles: {}\n" });
    expect(await checkRepository(repo, { requireLock: false }, options())).toMatchObject([
      { code: "lock-missing", severity: "warning" },
    ]);
    expect(await checkRepository(repo, { requireLock: true }, options())).toMatchObject([
      { code: "lock-missing", severity: "error" },
    ]);
  });

  test("a folder that is no repository says so", async () => {
    expect(await codeOf(openTestRepository(await tempDir()))).toBe("repository-missing");
    expect(await codeOf(openTestRepository("ext::sh -c id"))).toBe("location-refused");
  });
});
