import { join } from "node:path";
import { expect, test } from "vitest";
import { createCluster, createVersion, tagCluster } from "../../engine/actions/index.ts";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import { release } from "../../engine/repo/release.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { passRepository } from "../../engine/sync/repository-pass.ts";
import { commitFiles, git, openTestRepository, signal, tempBare, tempDir } from "../support/temp-git.ts";
import { freshRepository, LAYER, V1 } from "./fixture.ts";

const ROUNDS = 100;

/** Revision numbers of a version by tag, and the number of commits on main with a subject. */
async function facts(dir: string) {
  const tags = (await git(dir, "tag", "--list", "revisions/hello-universe/1.0.0/*")).split("\n");
  const subjects = (await git(dir, "log", "--format=%s", "main")).split("\n");
  return { numbers: tags.map((tag) => Number(tag.split("/").at(-1))).sort((a, b) => a - b), subjects };
}

test("two writers in one bare repository: no commit is lost, no revision number is there twice", async () => {
  const { dir, repo: seed } = await freshRepository();
  await createCluster(
    seed,
    { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] },
    { signal: signal() },
  );
  const bare = await tempBare();
  await git(dir, "push", "-q", bare, "main", "--tags");
  const repo = await openTestRepository(bare);
  const passes = await openTestRepository(bare);
  const clone = join(await tempDir(), "clone");
  await git(bare, "clone", "-q", bare, clone);

  const commands = (async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await tagCluster(
        repo,
        { cluster: "dev", tags: [`round:${round}`] },
        { signal: signal(), message: `tag ${round}` },
      );
    }
  })();
  const pushes = (async () => {
    const text = await git(clone, "show", `HEAD:${LAYER}`);
    for (let round = 0; round < ROUNDS; round++) {
      await commitFiles(
        clone,
        { [LAYER]: `${text.replace("replicas: 2", `replicas: ${round + 3}`)}\n` },
        `push ${round}`,
      );
      for (;;) {
        const pushed = await git(clone, "push", "-q", "origin", "main").then(
          () => true,
          () => false,
        );
        if (pushed) break;
        await git(clone, "pull", "-q", "--rebase", "origin", "main");
      }
    }
  })();
  let writing = true;
  const released: number[] = [];
  const releases = (async () => {
    while (writing)
      released.push(
        ...(await release(passes, { signal: signal() })).released.map((revision) => revision.number),
      );
  })();
  await Promise.all([commands, pushes]);
  writing = false;
  await releases;
  await release(passes, { signal: signal() });

  const { numbers, subjects } = await facts(bare);
  for (let round = 0; round < ROUNDS; round++) {
    expect(subjects).toContain(`tag ${round}`);
    expect(subjects).toContain(`push ${round}`);
  }
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(numbers.length).toBeGreaterThan(1);
  expect(await git(bare, "rev-parse", `profiles/hello-universe/1.0.0:${LAYER}`)).toBe(
    await git(bare, "rev-parse", `main:${LAYER}`),
  );
  expect(await git(bare, "fsck", "--strict", "--no-dangling")).toBe("");
}, 600_000);

test("20 writers through one engine lose nothing", async () => {
  const { dir, repo } = await freshRepository();
  const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
  await Promise.all(
    names.map((name) =>
      createCluster(
        repo,
        { name, connection: { context: "dev-1" }, profiles: [V1], tags: [] },
        { signal: signal() },
      ),
    ),
  );
  expect((await git(dir, "ls-tree", "--name-only", "main", "clusters/")).split("\n").sort()).toEqual(
    names.map((name) => `clusters/${name}`).sort(),
  );
  expect(await git(dir, "status", "--porcelain")).toBe("");
});

test("two engines that write the same lock at once: the one that loses has nothing left to write", async () => {
  const { dir, repo } = await freshRepository();
  const options = { signal: signal() };
  const cluster = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] };
  await createCluster(repo, cluster, options);
  await createVersion(repo, { ...V1, version: "1.1.0" }, options);
  const file = "clusters/dev/cluster.yaml";
  const text = await git(dir, "show", `HEAD:${file}`);
  await commitFiles(dir, { [file]: `${text.replace("1.0.0", "1.1.0")}\n` }, "Run 1.1.0");
  const pass = (one: Repository) =>
    passRepository(one, createRenderer(one.reader), () => undefined, signal());
  let isFirst = true;
  const slow: Repository = {
    ...repo,
    move: async (updates, until) => {
      if (isFirst) {
        isFirst = false;
        await pass(await openTestRepository(dir));
      }
      await repo.move(updates, until);
    },
  };
  const { conditions, isRefused, state } = await pass(slow);
  expect([conditions, isRefused]).toEqual([[], false]);
  expect(state.snapshot.clusters.get("dev")?.lock.profiles).toMatchObject({
    [V1.profile]: { version: "1.1.0" },
  });
  expect(await git(dir, "log", "--format=%s", "-2")).toBe("Lock dev\nRun 1.1.0");
});
