import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Cluster } from "../../engine/model/cluster.ts";
import { nameProblem, tagProblem } from "../../engine/model/names.ts";
import { versionProblem } from "../../engine/model/version.ts";
import { formatLock } from "../../engine/repo/locks/format-lock.ts";
import { readStream } from "../../engine/yaml/index.ts";

const PROJECT = new URL("../../", import.meta.url);
const JsonSchema = z.record(z.string(), z.json());

/** The check that an editor makes with the schema of docs/schemas, read back from its JSON. */
async function editorCheck(name: string): Promise<(text: string) => boolean> {
  const file = new URL(`docs/schemas/${name}.json`, PROJECT);
  const schema = z.fromJSONSchema(JsonSchema.parse(JSON.parse(await readFile(file, "utf8"))));
  return (text) => schema.safeParse(readStream(text, { file: name })[0]?.value).success;
}

test("docs/schemas is what the engine reads with", async () => {
  const script = new URL("scripts/generate-schemas.ts", PROJECT).pathname;
  await promisify(execFile)(process.execPath, [script, "--check"]);
});

describe("an editor agrees", () => {
  test.each([
    ["profile", "repo-template/profiles/hello-universe/profile.yaml"],
    ["settings", "repo-template/strata.yaml"],
  ])("with the %s of the template, and not with one field more", async (name, path) => {
    const accepts = await editorCheck(name);
    const text = await readFile(new URL(path, PROJECT), "utf8");
    expect(accepts(text)).toBe(true);
    expect(accepts(`${text}\nextra: field\n`)).toBe(false);
    expect(accepts(text.replace("v1alpha1", "v2"))).toBe(false);
  });

  test("with locks as Strata writes them", async () => {
    const accepts = await editorCheck("lock");
    const entry = { version: "1.1.0", revision: 2, tree: "a".repeat(40) };
    expect(accepts(formatLock({ profiles: {} }))).toBe(true);
    expect(accepts(formatLock({ profiles: { web: entry } }))).toBe(true);
    expect(accepts(formatLock({ profiles: { web: { ...entry, tree: "abc" } } }))).toBe(false);
    // Ids that YAML would read as numbers
    for (const prune of ["0123456789012345", "12345e6789012345", "0f5e9b21c4d83a76"])
      expect(accepts(formatLock({ profiles: { web: entry }, prune }))).toBe(true);
    expect(accepts(formatLock({ profiles: {}, prune: "yes" }))).toBe(false);
  });

  test.each(["{ context: kind-dev }", "{ inCluster: true }", "{ sandbox: true }"])(
    "with a cluster behind %s",
    async (connection) => {
      const accepts = await editorCheck("cluster");
      const cluster = (spec: string) =>
        `apiVersion: strata.dev/v1alpha1\nkind: Cluster\nmetadata: { name: dev }\nspec: { connection: ${spec} }\n`;
      expect(accepts(cluster(connection))).toBe(true);
      expect(accepts(cluster("{ token: abc }"))).toBe(false);
      expect(accepts(cluster("{ context: a, sandbox: true }"))).toBe(false);
    },
  );
});

const Texts = z.object({ pattern: z.string(), maxLength: z.number() });

/** What the schema of `cluster.yaml` says of the strings at a path below its properties. */
function hintsAt(...path: string[]): (text: string) => boolean {
  let at: unknown = z.toJSONSchema(Cluster, { io: "input", target: "draft-7" });
  for (const key of path) at = z.looseObject({ [key]: z.unknown() }).parse(at)[key];
  const { pattern, maxLength } = Texts.parse(at);
  const regex = new RegExp(pattern);
  return (text) => text.length <= maxLength && regex.test(text);
}

/** Texts that are right, nearly right, and too long by one. */
const text = fc.oneof(
  fc.stringMatching(/^[a-z0-9.-]{0,8}$/),
  fc.stringMatching(/^[a-zA-Z0-9._/:-]{0,8}$/),
  fc.stringMatching(/^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}(-[a-z0-9.-]{0,5})?$/),
  fc.constantFrom(63, 64, 128, 129).map((length) => "a".repeat(length)),
  fc.string({ maxLength: 5 }),
);

test("names and tags are right for an editor exactly when they are for the engine", () => {
  const name = hintsAt("properties", "metadata", "properties", "name");
  const tag = hintsAt("properties", "metadata", "properties", "tags", "items");
  fc.assert(
    fc.property(text, (candidate) => {
      expect(name(candidate)).toBe(nameProblem(candidate) === undefined);
      expect(tag(candidate)).toBe(tagProblem(candidate) === undefined);
    }),
  );
});

test("versions too, but for the end that Git cannot hold", () => {
  const attached = ["properties", "spec", "properties", "profiles", "items", "properties", "version"];
  const version = hintsAt(...attached);
  fc.assert(
    fc.property(text, (candidate) => {
      expect(version(candidate)).toBe(versionProblem(candidate) === undefined);
    }),
  );
  expect(version("1.0.0-rc.lock")).toBe(true);
  expect(versionProblem("1.0.0-rc.lock")).toMatch(/Git cannot hold/);
});
