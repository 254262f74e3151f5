import { expect, test } from "vitest";
import { createCluster, overrideCluster } from "../../engine/actions/index.ts";
import { checkRepository } from "../../engine/fleet/index.ts";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git, signal, writeFiles } from "../support/temp-git.ts";
import { codeOf, freshRepository, PROFILE, V1 } from "./fixture.ts";
import { found } from "./plumbing.ts";

const options = () => ({ signal: signal() });
const DEV = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] } as const;

test("an object in two profiles of one cluster is refused, in two clusters it is not", async () => {
  const { dir, repo } = await freshRepository();
  const text = await git(dir, "show", `HEAD:${PROFILE}`);
  const layer = "apiVersion: v1\nkind: Namespace\nmetadata: { name: hello-universe }\n";
  await commitFiles(dir, {
    "profiles/other/profile.yaml": `${text.replaceAll("hello-universe", "other")}\n`,
    "profiles/other/other/a.yaml": layer,
  });
  await release(repo, options());
  const other = { profile: "other", version: "1.0.0" };
  await createCluster(repo, { ...DEV, name: "one" }, options());
  await createCluster(repo, { ...DEV, name: "two", profiles: [other] }, options());
  expect(await found(repo)).toEqual([]);
  expect(await codeOf(createCluster(repo, { ...DEV, profiles: [V1, other] }, options()))).toBe("none");
  expect(await found(repo)).toEqual(["object-duplicate profiles/other/other/a.yaml"]);
});

test.each(["abc", "1e9", "99999999999999999999", "1.5", "-1", ".inf"])(
  "the priority %s",
  async (priority) => {
    const { dir, repo } = await freshRepository();
    const text = await git(dir, "show", `HEAD:${PROFILE}`);
    await writeFiles(dir, {
      [PROFILE]: `${text.replace("type: manifest", `type: manifest, priority: ${priority}`)}\n`,
    });
    const problems = await checkRepository(repo, { requireLock: false }, options());
    const legal = ["1e9", "-1"].includes(priority);
    expect(problems.map(({ code }) => code)).toEqual(
      legal ? [] : [/^\.inf|^9{5}/.test(priority) ? "yaml-number-inexact" : "schema-invalid"],
    );
  },
);

test("an override that would leave an empty text is no wish to remove everything; one that deletes each object is", async () => {
  const { dir, repo } = await freshRepository();
  await createCluster(repo, DEV, options());
  const target = { cluster: "dev", profile: "hello-universe", layer: "hello-universe", content: "" };
  expect(await codeOf(overrideCluster(repo, target, options()))).toBe("edit-empty");
  const renderer = createRenderer(repo.reader);
  const { snapshot } = await repo.load(signal());
  const tree = snapshot.profiles.get("hello-universe")?.tree ?? "";
  const { steps } = await renderer.profile("hello-universe", tree, snapshot.settings.spec);
  const gone = steps.flat().flatMap((layer) =>
    layer.objects.map(({ object: { apiVersion, kind, metadata } }) => {
      const { name, namespace } = metadata;
      return JSON.stringify({
        apiVersion,
        kind,
        metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
        $patch: "delete",
      });
    }),
  );
  const file = "clusters/dev/overrides/hello-universe/hello-universe.yaml";
  await commitFiles(dir, { [file]: gone.join("\n---\n") });
  expect((await found(repo)).filter((problem) => !problem.startsWith("lock-"))).toEqual([]);
});

test("a name that every object of JavaScript has cannot name a profile, and is never taken for one in a lock", async () => {
  const { dir, repo } = await freshRepository();
  const text = await git(dir, "show", `HEAD:${PROFILE}`);
  await createCluster(repo, DEV, options());
  const cluster = await git(dir, "show", "HEAD:clusters/dev/cluster.yaml");
  await commitFiles(dir, {
    "profiles/constructor/profile.yaml": text.replaceAll("hello-universe", "constructor"),
    "clusters/dev/cluster.yaml": cluster.replace("name: hello-universe", "name: constructor"),
    "clusters/dev/strata.lock": "profiles:\n  __proto__: { version: 1.0.0 }\n",
  });
  const problems = await found(repo);
  expect(problems).toContain("name-invalid profiles/constructor");
  expect(problems).toContain("schema-invalid clusters/dev/cluster.yaml");
  expect(problems).toContain("schema-invalid clusters/dev/strata.lock");
});
