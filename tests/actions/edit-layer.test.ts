import { chmod, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createVersion, editLayer, readLayer } from "../../engine/actions/index.ts";
import { EngineError } from "../../engine/model/errors.ts";
import { release } from "../../engine/repo/release.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { codeOf } from "../repo/fixture.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { type AppFleet, appFleet, DEPLOYMENT } from "./app-fleet.ts";

const WEB = { profile: "app", version: "1.0.0", layer: "web" } as const;
const DIR = "profiles/app/web";
const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: app }\n";

/** A text as a user makes it of the whole layer, from the state that they saw. */
async function edit(fleet: AppFleet, change: (text: string) => string, meanwhile?: () => Promise<unknown>) {
  const { text, tree } = await readLayer(fleet.repo, WEB, fleet.options());
  await meanwhile?.();
  return editLayer(fleet.repo, { ...WEB, content: change(text), base: tree }, fleet.options());
}

function changedLines(diff: string): string[] {
  return diff.split("\n").filter((line) => /^[+-](?![+-]{2} )/.test(line));
}

/** The files that a commit changed, as `M path`. */
async function changedFiles(fleet: AppFleet, commit: string | null): Promise<string[]> {
  const shown = await git(fleet.dir, "show", "--name-status", "--no-renames", "--format=", commit ?? "none");
  return shown.split("\n").map((line) => line.replace("\t", " "));
}

async function refs(fleet: AppFleet): Promise<string> {
  return `${await git(fleet.dir, "for-each-ref")}\n${await git(fleet.dir, "status", "--porcelain")}`;
}

/** What an edit is refused with; nothing may have changed. */
async function refusal(fleet: AppFleet, work: () => Promise<unknown>): Promise<EngineError> {
  const before = await refs(fleet);
  const error = await work().catch((thrown: unknown) => thrown);
  expect(await refs(fleet)).toBe(before);
  if (error instanceof EngineError) return error;
  throw new Error(`no refusal: ${String(error)}`);
}

describe("the text of a layer", () => {
  test("is its only file as it is, or all manifests, each below its path", async () => {
    const fleet = await appFleet();
    const secret = await readLayer(fleet.repo, { ...WEB, layer: "extra" }, fleet.options());
    expect(secret.text).toBe(await fleet.file("profiles/app/extra/secret.yaml"));
    const web = await readLayer(fleet.repo, WEB, fleet.options());
    const service = await fleet.file(`${DIR}/service.yaml`);
    expect(web.text).toBe(`# file: deployment.yaml\n${DEPLOYMENT}---\n# file: service.yaml\n${service}`);
    expect(web.files).toEqual([`${DIR}/deployment.yaml`, `${DIR}/service.yaml`]);
  });

  test("holds manifests alone; other files stay, and can be named", async () => {
    const fleet = await appFleet();
    await commitFiles(fleet.dir, {
      [`${DIR}/README.md`]: "# file: x\n",
      "profiles/app/extra/notes.txt": "x\n",
    });
    await release(fleet.repo, fleet.options());
    const { files } = await readLayer(fleet.repo, WEB, fleet.options());
    expect(files).toEqual([`${DIR}/deployment.yaml`, `${DIR}/service.yaml`]);
    const secret = await readLayer(fleet.repo, { ...WEB, layer: "extra" }, fleet.options());
    expect(secret.files).toEqual(["profiles/app/extra/secret.yaml"]);
    await edit(fleet, (text) => text.replace("web:1", "web:2"));
    expect(await fleet.file(`${DIR}/README.md`)).toBe("# file: x\n");
    await editLayer(fleet.repo, { ...WEB, file: "README.md", content: "a: [\n" }, fleet.options());
    expect(await fleet.file(`${DIR}/README.md`)).toBe("a: [\n");
  });

  test("of another type than manifests is its only file; of several one must be named, and be YAML", async () => {
    const fleet = await appFleet();
    const profile = await fleet.file("profiles/app/profile.yaml");
    await commitFiles(fleet.dir, {
      "profiles/app/profile.yaml": `${profile}    - { name: chart, type: helm }\n`,
      "profiles/app/chart/values.yaml": "replicas: 1\n",
    });
    await release(fleet.repo, fleet.options());
    const chart = { ...WEB, layer: "chart" };
    expect((await readLayer(fleet.repo, chart, fleet.options())).text).toBe("replicas: 1\n");
    await editLayer(fleet.repo, { ...chart, content: "replicas: 2\n" }, fleet.options());
    await commitFiles(fleet.dir, { "profiles/app/chart/templates/web.yaml": "{{ broken\n" });
    await release(fleet.repo, fleet.options());
    const ambiguous = await refusal(fleet, () => readLayer(fleet.repo, chart, fleet.options()));
    expect(ambiguous).toMatchObject({ code: "file-ambiguous", hint: expect.stringContaining("values.yaml") });
    const values = { ...chart, file: "values.yaml" };
    const broken = await refusal(fleet, () =>
      editLayer(fleet.repo, { ...values, content: "replicas: 2\na: [\n" }, fleet.options()),
    );
    expect(broken).toMatchObject({
      code: "edit-invalid",
      place: { file: "profiles/app/chart/values.yaml", line: 3, column: 1 },
    });
    const template = { ...chart, file: "templates/web.yaml", content: "{{ other\n" };
    expect((await editLayer(fleet.repo, template, fleet.options())).commit).not.toBeNull();
  });

  test("is not made of what is no text, and no link is followed", async () => {
    const fleet = await appFleet();
    await symlink("/etc/passwd", join(fleet.dir, DIR, "link.yaml"));
    await commitFiles(fleet.dir, {});
    await release(fleet.repo, fleet.options());
    expect((await readLayer(fleet.repo, WEB, fleet.options())).files).toHaveLength(2);
    const link = { ...WEB, file: "link.yaml" };
    expect(await codeOf(readLayer(fleet.repo, link, fleet.options()))).toBe("path-refused");
    const taken = await refusal(fleet, () =>
      edit(fleet, (text) => `${text}---\n# file: link.yaml\n${CONFIG}`),
    );
    expect(taken.message).toContain("already");
    await writeFile(join(fleet.dir, DIR, "latin.yaml"), Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]));
    await commitFiles(fleet.dir, {});
    await release(fleet.repo, fleet.options());
    const odd = await refusal(fleet, () => readLayer(fleet.repo, WEB, fleet.options()));
    expect(odd).toMatchObject({ code: "file-not-utf8", place: { file: `${DIR}/latin.yaml` } });
    // Its text can still be given.
    const given = { ...WEB, file: "latin.yaml", content: CONFIG };
    expect((await editLayer(fleet.repo, given, fleet.options())).commit).not.toBeNull();
  });

  test("has no file to name: that is said", async () => {
    const fleet = await appFleet();
    expect(await codeOf(readLayer(fleet.repo, { ...WEB, layer: "none" }, fleet.options()))).toBe(
      "layer-unknown",
    );
    expect(await codeOf(readLayer(fleet.repo, { ...WEB, file: "none" }, fleet.options()))).toBe(
      "file-unknown",
    );
    await git(fleet.dir, "rm", "-q", "-r", "profiles/app/extra");
    await commitFiles(fleet.dir, {});
    await release(fleet.repo, fleet.options());
    expect(await codeOf(readLayer(fleet.repo, { ...WEB, layer: "extra" }, fleet.options()))).toBe(
      "file-unknown",
    );
  });
});

describe("an edit of a whole layer", () => {
  test.each(["main", "its branch"])("of one field is one line of one file, on %s", async (where) => {
    const fleet = await appFleet();
    if (where !== "main") await createVersion(fleet.repo, { ...WEB, version: "1.1.0" }, fleet.options());
    const service = await fleet.file(`${DIR}/service.yaml`);
    const main = await git(fleet.dir, "rev-parse", "main");
    for (const count of [3, 4]) {
      const result = await edit(fleet, (text) => text.replace(/replicas: \d/, `replicas: ${count}`));
      expect(changedLines(result.diff)).toEqual([
        `-  replicas: ${count === 3 ? 2 : 3} # enough for most`,
        `+  replicas: ${count} # enough for most`,
      ]);
      expect(await changedFiles(fleet, result.commit)).toEqual([`M ${DIR}/deployment.yaml`]);
      const revision = `revisions/app/1.0.0/${count - 1}`;
      expect(await git(fleet.dir, "rev-parse", `${revision}^{commit}`)).toBe(result.commit);
      expect(await git(fleet.dir, "rev-parse", "profiles/app/1.0.0^{commit}")).toBe(result.commit);
      const branch = where === "main" ? "main" : "versions/app/1.0.0";
      expect(await git(fleet.dir, "rev-parse", branch)).toBe(result.commit);
    }
    if (where !== "main") expect(await git(fleet.dir, "rev-parse", "main")).toBe(main);
    expect(await git(fleet.dir, "show", `profiles/app/1.0.0:${DIR}/deployment.yaml`)).toBe(
      DEPLOYMENT.replace("replicas: 2", "replicas: 4").trimEnd(),
    );
    expect(await fleet.file(`${DIR}/service.yaml`)).toBe(service);
    expect(await git(fleet.dir, "status", "--porcelain")).toBe("");
  });

  test("keeps Windows line ends, the byte order mark and a last line without end", async () => {
    const fleet = await appFleet();
    const windows = `\uFEFF---\r\n${DEPLOYMENT.trimEnd().replaceAll("\n", "\r\n")}`;
    await commitFiles(fleet.dir, { [`${DIR}/deployment.yaml`]: windows });
    await release(fleet.repo, fleet.options());
    const result = await edit(fleet, (text) => text.replace("web:1", "web:2").replaceAll("\n", "\r\n"));
    expect(await fleet.file(`${DIR}/deployment.yaml`)).toBe(windows.replace("web:1", "web:2"));
    expect(await changedFiles(fleet, result.commit)).toEqual([`M ${DIR}/deployment.yaml`]);
    expect(changedLines(result.diff)).toHaveLength(2);
  });

  test("adds, renames and removes files, and says so", async () => {
    const fleet = await appFleet();
    const added = await edit(fleet, (text) => `${text}---\n# file: sub/config.yaml\n# mine\n${CONFIG}`);
    expect(await fleet.file(`${DIR}/sub/config.yaml`)).toBe(`# mine\n${CONFIG}`);
    expect(await changedFiles(fleet, added.commit)).toEqual([`A ${DIR}/sub/config.yaml`]);
    expect(added.notes).toEqual([`new file ${DIR}/sub/config.yaml`]);
    const renamed = await edit(fleet, (text) => text.replace("# file: service", "# file: web-service"));
    expect(await changedFiles(fleet, renamed.commit)).toEqual([
      `D ${DIR}/service.yaml`,
      `A ${DIR}/web-service.yaml`,
    ]);
    const removed = await edit(fleet, (text) => text.replace(/---\n# file: sub[^]*# mine\n[^]*?\}\n/, ""));
    expect(await changedFiles(fleet, removed.commit)).toEqual([`D ${DIR}/sub/config.yaml`]);
    expect(removed.notes).toEqual([`removed file ${DIR}/sub/config.yaml`]);
    expect(await git(fleet.dir, "ls-tree", "--name-only", "HEAD", `${DIR}/`)).toBe(
      `${DIR}/deployment.yaml\n${DIR}/web-service.yaml`,
    );
  });

  test("keeps a file executable", async () => {
    const fleet = await appFleet();
    await chmod(join(fleet.dir, DIR, "service.yaml"), 0o755);
    await commitFiles(fleet.dir, {});
    await edit(fleet, (text) => text.replace("name: dns,", "name: dns-udp,"));
    expect(await git(fleet.dir, "ls-tree", "HEAD", `${DIR}/service.yaml`)).toMatch(/^100755/);
  });
});

describe("an edit that is refused changes nothing", () => {
  const problem = (file: string, line: number, column?: number) => ({
    file: `${DIR}/${file}`,
    line,
    ...(column === undefined ? {} : { column }),
  });

  test.each([
    ["no YAML", (text: string) => text.replace("web:1", 'web:1" "x'), problem("deployment.yaml", 15, 26), 16],
    [
      "a key twice, in the second file",
      (text: string) => text.replace("  ports:", "  selector: {}\n  ports:"),
      problem("service.yaml", 6, 3),
      29,
    ],
    [
      "what a server refuses",
      (text: string) => text.replace("kind: Service\n", ""),
      problem("service.yaml", 1, 1),
      24,
    ],
    [
      "an object twice",
      (text: string) => `${text}---\n# file: z.yaml\n${text.slice(text.lastIndexOf("apiVersion"))}`,
      problem("z.yaml", 1, 1),
      34,
    ],
    [
      "an object that another layer has",
      (text: string) =>
        `${text}---\napiVersion: v1\nkind: Secret\nmetadata: { name: key, namespace: app }\nstringData: { a: b }\n`,
      { file: "profiles/app/extra/secret.yaml", line: 1, column: 1 },
      undefined,
    ],
  ])("%s", async (_what, change, place, line) => {
    const fleet = await appFleet();
    const error = await refusal(fleet, () => edit(fleet, change));
    expect(error).toMatchObject({ code: "edit-invalid", place });
    expect(error.hint).toEqual(
      line === undefined ? expect.anything() : expect.stringContaining(`it is line ${line} of the text`),
    );
    expect(error.problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(error.problems) + error.message).not.toContain("hunter2");
  });

  test("all that is wrong is told at once", async () => {
    const fleet = await appFleet();
    const error = await refusal(fleet, () => edit(fleet, (text) => text.replaceAll(/kind: \w+\n/g, "")));
    expect(error.problems.map(({ file, message }) => `${file} ${message}`)).toEqual([
      `${DIR}/deployment.yaml kind is missing`,
      `${DIR}/service.yaml kind is missing`,
    ]);
  });

  test.each([
    ["a README", "README.md"],
    ["a path out of the layer", "../x.yaml"],
    ["an absolute path", "/tmp/x.yaml"],
    ["Git's own folder", ".GIT/x.yaml"],
    ["a backslash", "a\\b.yaml"],
    ["a file as a folder", "service.yaml/x.yaml"],
    ["a new file as a folder", "y.yaml/x.yaml"],
  ])("%s as a new file", async (_what, path) => {
    const fleet = await appFleet();
    const error = await refusal(fleet, () =>
      edit(fleet, (text) => `${text}---\n# file: ${path}\n${CONFIG}---\n# file: y.yaml\n# none\n`),
    );
    expect(error).toMatchObject({ code: "edit-invalid", place: { line: 33 } });
    expect(error.place.file).toBeUndefined();
  });

  test("nothing edited, nothing left, and what cannot be told", async () => {
    const fleet = await appFleet();
    const codes = async (change: (text: string) => string) =>
      (await refusal(fleet, () => edit(fleet, change))).code;
    expect(await codes((text) => text)).toBe("edit-unchanged");
    expect(await codes((text) => text.replaceAll("\n", "\r\n"))).toBe("edit-unchanged");
    expect(await codes(() => "\n")).toBe("edit-invalid");
    expect(await codes(() => "# file: service.yaml\n")).toBe("edit-invalid");
    expect(await codes((text) => text.replace("---\n# file: service", "# file: service"))).toBe(
      "edit-invalid",
    );
    // Without its comments, what is no YAML has a line in the text alone.
    const broken = await refusal(fleet, () =>
      edit(fleet, (text) => text.replaceAll(/# file: .*\n/g, "").replace("web:1", 'web:1" "')),
    );
    expect(broken).toMatchObject({ code: "edit-invalid", place: { line: 15 } });
    expect(broken.place.file).toBeUndefined();
  });

  test("one file is refused alike", async () => {
    const fleet = await appFleet();
    const one = { ...WEB, file: "deployment.yaml" };
    const refused = (content: string) =>
      refusal(fleet, () => editLayer(fleet.repo, { ...one, content }, fleet.options()));
    expect((await refused(DEPLOYMENT)).code).toBe("edit-unchanged");
    expect((await refused(" \n")).code).toBe("edit-invalid");
    expect(await refused(`${DEPLOYMENT}  bad\n`)).toMatchObject({
      code: "edit-invalid",
      place: problem("deployment.yaml", 21),
    });
    expect(await refused(DEPLOYMENT.replace("name: web\n", "name: Web_\n"))).toMatchObject({
      code: "edit-invalid",
      place: problem("deployment.yaml", 5, 3),
    });
    const dry = { ...fleet.options(), dryRun: true };
    expect(await codeOf(editLayer(fleet.repo, { ...one, content: "a: [" }, dry))).toBe("edit-invalid");
    expect(await codeOf(editLayer(fleet.repo, { ...one, content: DEPLOYMENT }, dry))).toBe("edit-unchanged");
  });

  test("what is wrong elsewhere already does not stop the mending of one file", async () => {
    const fleet = await appFleet();
    await commitFiles(fleet.dir, { [`${DIR}/deployment.yaml`]: "a: [\n", [`${DIR}/service.yaml`]: "b: [\n" });
    await release(fleet.repo, fleet.options());
    const one = { ...WEB, file: "deployment.yaml", content: DEPLOYMENT };
    expect((await editLayer(fleet.repo, one, fleet.options())).commit).not.toBeNull();
    const error = await refusal(fleet, () =>
      edit(fleet, (text) => text.replace("web:1", "web:2").replace("b: [", "b: {")),
    );
    expect(error).toMatchObject({ code: "edit-invalid", place: { file: `${DIR}/service.yaml` } });
    const mended = await edit(fleet, (text) => text.replace("b: [\n", CONFIG));
    expect(await changedFiles(fleet, mended.commit)).toEqual([`M ${DIR}/service.yaml`]);
  });
});

describe("an edit of what changes meanwhile", () => {
  test.each(["main", "its branch"])("is refused where it is the same file, on %s", async (where) => {
    const fleet = await appFleet();
    if (where !== "main") await createVersion(fleet.repo, { ...WEB, version: "1.1.0" }, fleet.options());
    const deployment = await readLayer(fleet.repo, { ...WEB, file: "deployment.yaml" }, fleet.options());
    const others = () =>
      editLayer(
        fleet.repo,
        { ...WEB, file: "deployment.yaml", content: deployment.text.replace("replicas: 2", "replicas: 7") },
        fleet.options(),
      );
    const mine = edit(fleet, (text) => text.replace("web:1", "web:2"), others);
    await expect(mine).rejects.toMatchObject({
      code: "change-conflict",
      place: { file: `${DIR}/deployment.yaml` },
    });
    const { text } = await readLayer(fleet.repo, { ...WEB, file: "deployment.yaml" }, fleet.options());
    expect(text).toBe(DEPLOYMENT.replace("replicas: 2", "replicas: 7"));
  });

  test("leaves what others did to the other files", async () => {
    const fleet = await appFleet();
    const others = () =>
      fleet.editProfile((text) => text.replace("name: dns,", "name: dns-udp,"), "service.yaml");
    const result = await edit(fleet, (text) => text.replace("web:1", "web:2"), others);
    expect(await changedFiles(fleet, result.commit)).toEqual([`M ${DIR}/deployment.yaml`]);
    expect(await fleet.file(`${DIR}/service.yaml`)).toContain("name: dns-udp,");
  });

  test("is refused where a file that it removes or adds was changed, and where both made one object", async () => {
    const fleet = await appFleet();
    const others = () => fleet.editProfile((text) => `${text}# theirs\n`, "service.yaml");
    const code = (change: (text: string) => string, meanwhile: () => Promise<unknown>) =>
      codeOf(edit(fleet, change, meanwhile));
    expect(await code((text) => text.slice(0, text.lastIndexOf("---")), others)).toBe("change-conflict");
    const add = (path: string) => (text: string) => `${text}---\n# file: ${path}\n${CONFIG}`;
    const theirs = (path: string) => () => edit(fleet, add(path));
    expect(await code(add("sub/b.yaml"), theirs("a.yaml"))).toBe("edit-invalid");
    expect(
      await code(
        (text) => `${add("c.yaml")(text)}# mine\n`,
        async () => {
          await edit(fleet, (text) => `${text}---\n# file: c.yaml\n# theirs\n`);
        },
      ),
    ).toBe("change-conflict");
  });

  test.each(["main", "its branch"])("is refused in the last moment too, on %s", async (where) => {
    const fleet = await appFleet();
    if (where !== "main") await createVersion(fleet.repo, { ...WEB, version: "1.1.0" }, fleet.options());
    /** A repository in which others are faster, once. */
    const racing = (others: () => Promise<unknown>): Repository => {
      let raced = false;
      return {
        ...fleet.repo,
        move: async (updates, until) => {
          if (!raced) await others();
          raced = true;
          return fleet.repo.move(updates, until);
        },
      };
    };
    const { text } = await readLayer(fleet.repo, WEB, fleet.options());
    const content = text.replace("web:1", "web:2");
    const mine = (others: () => Promise<unknown>) =>
      editLayer(racing(others), { ...WEB, content }, fleet.options());
    const theirs = () =>
      fleet.editProfile((file) => file.replace("name: dns,", "name: udp,"), "service.yaml");
    const { commit } = await mine(theirs);
    expect(await changedFiles(fleet, commit)).toEqual([`M ${DIR}/deployment.yaml`]);
    expect((await readLayer(fleet.repo, WEB, fleet.options())).text).toBe(
      content.replace("name: dns,", "name: udp,"),
    );
    const clash = editLayer(
      racing(() => fleet.editProfile((file) => file.replace("web:2", "web:3"))),
      { ...WEB, content: content.replace("name: dns,", "name: udp,").replace("web:2", "web:4") },
      fleet.options(),
    );
    await expect(clash).rejects.toMatchObject({ code: "change-conflict" });
    expect((await readLayer(fleet.repo, WEB, fleet.options())).text).toContain("web:3");
  });

  test("is nothing where others did the same", async () => {
    const fleet = await appFleet();
    const same = (text: string) => text.replace("web:1", "web:2");
    expect(await codeOf(edit(fleet, same, () => fleet.editProfile(same)))).toBe("edit-unchanged");
  });
});
