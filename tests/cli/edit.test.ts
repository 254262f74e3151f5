import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../../cli/main.ts";
import { type Fleet, makeFleet } from "./fleet.ts";
import { recordingIo } from "./recording-io.ts";
import { BIN, homeEnvironment } from "./run-strata.ts";

const LAYER = "profiles/hello-universe/hello-universe";
const EDIT = ["profile", "edit", "hello-universe@1.0.0", "hello-universe"];
const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: { name: key }\nstringData: { password: hunter2 }\n";

function git({ repo }: Fleet, ...args: string[]): string {
  return execFileSync("git", args, { cwd: repo, encoding: "utf8" }).trim();
}

/** A fleet whose layer holds two manifests, and a file that is none. */
async function twoFiles(): Promise<Fleet> {
  const fleet = await makeFleet();
  await writeFile(join(fleet.repo, LAYER, "secret.yaml"), SECRET);
  await writeFile(join(fleet.repo, LAYER, "README.md"), "mine\n");
  git(fleet, "add", "-A");
  execFileSync("git", ["commit", "-q", "-m", "More"], { cwd: fleet.repo, env: homeEnvironment(fleet.home) });
  expect(await fleet.run(["release"])).toMatchObject({ code: 0 });
  return fleet;
}

/** An editor of the user's: a shell script that gets its arguments, and last the file. */
async function script(fleet: Fleet, text: string): Promise<string> {
  const path = join(fleet.home, "my editors", "editor.sh");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\nfor file; do :; done\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

/** Runs `strata` as if in a terminal. The texts that it left are those below the temporary folder. */
async function inTerminal(
  fleet: Fleet,
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[] = EDIT,
) {
  const { io, out, err } = recordingIo();
  const stdin = Object.assign(io.stdin, { isTTY: true });
  const environment = { ...homeEnvironment(fleet.home), ...env };
  const code = await runCli(args, { ...io, stdin, env: environment, cwd: fleet.repo });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** The file that a message names. */
function keptIn(stderr: string): string {
  return /your text is in (\S+);/.exec(stderr)?.[1] ?? "";
}

describe("an edit by a given text", () => {
  test("needs an editor or a text, and one that changes nothing is refused", async () => {
    const fleet = await makeFleet();
    const { repo, home, run } = fleet;
    const noTerminal = await run(EDIT);
    expect([noTerminal.code, noTerminal.stderr]).toEqual([2, expect.stringContaining("--file")]);
    expect((await run([...EDIT, "--file", `${home}/none`])).code).toBe(2);
    expect((await run([...EDIT, "--file", `${home}/none`, "--show"])).code).toBe(2);
    const before = git(fleet, "for-each-ref");
    const same = await run([...EDIT, "--file", join(repo, LAYER, "hello-universe.yaml")]);
    expect([same.code, same.stderr]).toEqual([3, expect.stringContaining("error[edit-unchanged]")]);
    await writeFile(join(home, "latin.yaml"), Buffer.from([0x23, 0xe9, 0x0a]));
    expect(await run([...EDIT, "--file", join(home, "latin.yaml")])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is not UTF-8"),
    });
    expect(git(fleet, "for-each-ref")).toBe(before);
  });

  test("of a whole layer goes out with --show and comes back with --file", async () => {
    const fleet = await twoFiles();
    const shown = await fleet.run([...EDIT, "--show"]);
    expect(shown.stdout).toMatch(/^# file: hello-universe\.yaml\n[^]*\n---\n# file: secret\.yaml\n/);
    expect(shown.stdout).not.toContain("mine");
    expect(await fleet.json([...EDIT, "--show"])).toMatchObject({
      text: shown.stdout,
      files: [`${LAYER}/hello-universe.yaml`, `${LAYER}/secret.yaml`],
    });
    const text = shown.stdout.replace("replicas: 2", "replicas: 3");
    const edited = await fleet.run([...EDIT, "--file", "-"], text);
    expect(edited).toMatchObject({ code: 0, stderr: "" });
    expect(git(fleet, "show", "--format=%s", "--numstat", "HEAD")).toBe(
      `Edit hello-universe of hello-universe@1.0.0\n\n1\t1\t${LAYER}/hello-universe.yaml`,
    );
    const added = await fleet.run([...EDIT, "--file", "-"], `${text}---\n# file: more.yaml\n# nothing yet\n`);
    expect(added.stdout).toContain(`  new file ${LAYER}/more.yaml\n`);
    const broken = await fleet.run([...EDIT, "--file", "-"], text.replace("stringData: {", "stringData: ["));
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error\[edit-invalid\].*\n {2}at profiles\S+\/secret\.yaml:\d+:\d+\n {2}hint: .*line \d+/,
      ),
    ]);
    expect(broken.stderr).not.toContain("hunter2");
    expect(await fleet.json(["profile", "history", "hello-universe@1.0.0"])).toHaveLength(4);
    expect(await readFile(join(fleet.repo, LAYER, "README.md"), "utf8")).toBe("mine\n");
  });

  test("of an older version goes to its branch, again and again", async () => {
    const fleet = await twoFiles();
    await fleet.json(["profile", "version", "hello-universe@1.1.0"]);
    const main = git(fleet, "rev-parse", "main");
    for (const count of [3, 4]) {
      const { stdout } = await fleet.run([...EDIT, "--show"]);
      const text = stdout.replace(/replicas: \d/, `replicas: ${count}`);
      expect(await fleet.run([...EDIT, "--file", "-"], text)).toMatchObject({ code: 0 });
      const branch = "versions/hello-universe/1.0.0";
      expect(git(fleet, "show", "--format=", "--numstat", branch)).toBe(`1\t1\t${LAYER}/hello-universe.yaml`);
    }
    expect(git(fleet, "rev-parse", "main")).toBe(main);
  });
});

describe("an edit in an editor", () => {
  test("gets the text in a file that only the user can read, and leaves nothing behind", async () => {
    const fleet = await twoFiles();
    const seen = join(fleet.home, "seen");
    const editor = await script(
      fleet,
      `stat -c '%a %n' "$file" "$(dirname "$file")" > "${seen}"; cp "$file" "${seen}.yaml"; echo "$#" "$1" >> "${seen}"
       sed -i 's/replicas: 2/replicas: 5/; s/hunter2/hunter3/' "$file"`,
    );
    const edited = await inTerminal(fleet, { VISUAL: `'${editor}' --wait`, EDITOR: "false" });
    expect(edited).toMatchObject({ code: 0, stderr: "" });
    expect(edited.stdout).toContain("new tag revisions/hello-universe/1.0.0/3");
    const [file, folder, args] = (await readFile(seen, "utf8")).trim().split("\n");
    expect(file).toMatch(/^600 \S+\/strata-edit-\w+\/hello-universe\.yaml$/);
    expect(folder).toMatch(/^700 \S+\/strata-edit-\w+$/);
    expect(args).toBe("2 --wait");
    expect(await readFile(`${seen}.yaml`, "utf8")).toMatch(/^# file: hello-universe\.yaml\n/);
    await expect(stat(folder?.slice(4) ?? "")).rejects.toMatchObject({ code: "ENOENT" });
    expect(git(fleet, "show", "--format=", "--numstat")).toBe(
      `1\t1\t${LAYER}/hello-universe.yaml\n1\t1\t${LAYER}/secret.yaml`,
    );
  });

  test("of one file shows it as it is, under its name", async () => {
    const fleet = await twoFiles();
    const editor = await script(
      fleet,
      `echo "$file" >&2; cp "$file" "${fleet.home}/seen"; echo '# mine' >> "$file"`,
    );
    expect(
      await inTerminal(fleet, { EDITOR: `'${editor}'` }, [...EDIT.slice(0, 3), `${EDIT[3]}/secret.yaml`]),
    ).toMatchObject({
      code: 0,
    });
    expect(await readFile(join(fleet.home, "seen"), "utf8")).toBe(SECRET);
    expect(await readFile(join(fleet.repo, LAYER, "secret.yaml"), "utf8")).toBe(`${SECRET}# mine\n`);
  });

  test.each([
    ["ends with another code", "exit 3", 1, "error[editor-failed]: the editor ended with code 3"],
    ["is killed", "kill -TERM $$", 1, "error[editor-failed]"],
    ["removes the file", 'rm "$file"', 1, "error[editor-failed]: the editor left no file"],
    ["changes nothing", "true", 3, "error[edit-unchanged]"],
  ])("that %s changes nothing and leaves nothing", async (_what, text, code, message) => {
    const fleet = await twoFiles();
    const before = git(fleet, "for-each-ref");
    const editor = await script(fleet, `dirname "$file" > "${fleet.home}/folder"; ${text}`);
    const ended = await inTerminal(fleet, { EDITOR: `'${editor}'` });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(ended.stderr).not.toContain("your text");
    expect(git(fleet, "for-each-ref")).toBe(before);
    const folder = (await readFile(`${fleet.home}/folder`, "utf8")).trim();
    await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("that is missing is said", async () => {
    const fleet = await makeFleet();
    for (const [env, message] of [
      [{ EDITOR: "" }, "no editor is set"],
      [{ EDITOR: " ", VISUAL: "" }, "no editor is set"],
      [{ EDITOR: "no-such-editor --wait" }, 'the editor "no-such-editor --wait" cannot be run'],
      [{ EDITOR: "/etc/passwd" }, "cannot be run"],
    ] as const) {
      const ended = await inTerminal(fleet, env);
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(ended.stderr).toContain("export EDITOR=vi");
    }
  });
});

describe("what a user typed is kept and named", () => {
  async function kept(fleet: Fleet, edit: string, args?: readonly string[]) {
    const editor = await script(fleet, edit);
    const ended = await inTerminal(fleet, { EDITOR: `'${editor}'` }, args);
    const file = keptIn(ended.stderr);
    const text = await readFile(file, "utf8");
    const { mode } = await stat(dirname(file));
    expect((mode & 0o777).toString(8)).toBe("700");
    await rm(dirname(file), { recursive: true });
    return { ...ended, text };
  }

  test("where it could not be used, also after an editor that failed", async () => {
    const fleet = await twoFiles();
    const before = git(fleet, "for-each-ref");
    const invalid = await kept(fleet, `sed -i 's/stringData: {/stringData: [/' "$file"`);
    expect(invalid.text).toContain("stringData: [ password");
    expect([invalid.code, invalid.stderr]).toEqual([1, expect.stringContaining("error[edit-invalid]")]);
    expect(invalid.stderr).toMatch(/at profiles\S+\/secret\.yaml:\d+:\d+\n/);
    const unclear = await kept(fleet, 'echo "# file: new.yaml" >> "$file"');
    expect(unclear.stderr).toMatch(
      /stands inside a document\n {2}at line \d+\n {2}hint: write `---`.*; your text/,
    );
    const failed = await kept(fleet, 'echo "# mine" >> "$file"; exit 1');
    expect([failed.code, failed.text]).toEqual([1, expect.stringMatching(/# mine\n$/)]);
    const latin = await kept(fleet, String.raw`printf '# \351\n' >> "$file"`);
    expect([latin.code, latin.stderr]).toEqual([2, expect.stringContaining("is not UTF-8")]);
    expect(git(fleet, "for-each-ref")).toBe(before);
  });

  test("where someone else changed the same file, but not where it was another", async () => {
    const fleet = await twoFiles();
    const commit = (file: string, edit: string) =>
      `sed -i '${edit}' "${fleet.repo}/${LAYER}/${file}" && git -C "${fleet.repo}" commit -qam theirs`;
    const mine = `sed -i 's/replicas: .*/replicas: 6/' "$file"`;
    const clash = await kept(
      fleet,
      `${commit("hello-universe.yaml", "s/replicas: 2/replicas: 7/")} && ${mine}`,
    );
    expect([clash.code, clash.stderr]).toEqual([3, expect.stringContaining("error[change-conflict]")]);
    expect(clash.text).toContain("replicas: 6");
    expect(git(fleet, "log", "-1", "--format=%s")).toBe("theirs");
    const editor = await script(fleet, `${commit("secret.yaml", "s/hunter2/theirs/")} && ${mine}`);
    expect(await inTerminal(fleet, { EDITOR: `'${editor}'` })).toMatchObject({ code: 0, stderr: "" });
    expect(git(fleet, "show", "--format=", "--numstat")).toBe(`1\t1\t${LAYER}/hello-universe.yaml`);
    expect(git(fleet, "show", `HEAD:${LAYER}/secret.yaml`)).toContain("theirs");
  });

  test("where files in the way are dirty, and after a dry run", async () => {
    const fleet = await twoFiles();
    const mine = `sed -i 's/hunter2/hunter3/' "$file"`;
    const dry = await kept(fleet, mine, [...EDIT, "--dry-run"]);
    expect([dry.code, dry.text]).toEqual([0, expect.stringContaining("hunter3")]);
    expect(dry.stdout).toContain("Dry run: ");
    await writeFile(join(fleet.repo, LAYER, "secret.yaml"), "dirty\n");
    const dirty = await kept(fleet, mine, [...EDIT, "-o", "json"]);
    expect(dirty.code).toBe(3);
    expect(JSON.parse(dirty.stderr)).toMatchObject({
      error: { code: "dirty-files", hint: expect.stringContaining("your text is in") },
    });
  });

  test("of an override, and of a pending update", async () => {
    const fleet = await twoFiles();
    const layer = "hello-universe/hello-universe";
    await fleet.json(["cluster", "create", "dev", "--sandbox", "--profile", "hello-universe@1.0.0"]);
    const broken = `sed -i 's/stringData: {/stringData: [/' "$file"`;
    const override = await kept(fleet, broken, ["cluster", "override", "dev", layer]);
    expect([override.code, override.text]).toEqual([1, expect.stringContaining("stringData: [")]);
    const { stdout } = await fleet.run([...EDIT, "--show"]);
    await fleet.run([...EDIT, "--file", "-"], stdout.replace("replicas: 2", "replicas: 3"));
    const confirm = await kept(fleet, broken, ["cluster", "confirm", "dev", "--edit"]);
    expect([confirm.code, confirm.text]).toEqual([1, expect.stringContaining("stringData: [")]);
    const editor = await script(fleet, `sed -i 's/replicas: 3/replicas: 4/' "$file"`);
    const confirmed = await inTerminal(fleet, { EDITOR: `'${editor}'` }, [
      "cluster",
      "confirm",
      "dev",
      "--edit",
    ]);
    expect(confirmed).toMatchObject({ code: 0, stderr: "" });
    expect(await fleet.json(["cluster", "show", "dev"])).toMatchObject({
      overrides: [{ path: "spec.replicas", value: 4 }],
    });
  });
});

describe("Ctrl-C in an editor", () => {
  /** `strata` as a process whose standard input says that it is a terminal. */
  async function start(fleet: Fleet, editor: string) {
    const terminal = "data:text/javascript,process.stdin.isTTY=true";
    const env = { ...homeEnvironment(fleet.home), EDITOR: `'${await script(fleet, editor)}'` };
    const child = spawn(process.execPath, ["--import", terminal, BIN, ...EDIT], { cwd: fleet.repo, env });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const closed = once(child, "close") as Promise<[number | null]>;
    await once(child.stdout, "data");
    return { child, ended: async () => ({ code: (await closed)[0], stdout, stderr }) };
  }
  const waits = `echo open; read -r line; sed -i 's/hunter2/hunter3/' "$file"`;

  test("is the editor's own: the edit goes on", async () => {
    const { child, ended } = await start(await twoFiles(), waits);
    child.kill("SIGINT");
    child.kill("SIGINT");
    child.stdin.end("\n");
    const { code, stdout, stderr } = await ended();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("new tag revisions/hello-universe/1.0.0/3");
  });

  test("an end that is asked for waits for the editor, and keeps the text", async () => {
    const { child, ended } = await start(await twoFiles(), waits);
    child.kill("SIGTERM");
    child.stdin.end("\n");
    const { code, stderr } = await ended();
    expect([code, stderr]).toEqual([130, expect.stringContaining("interrupted")]);
    const file = keptIn(stderr);
    expect(await readFile(file, "utf8")).toContain("hunter3");
    await rm(dirname(file), { recursive: true });
  });
});
