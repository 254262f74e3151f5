import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { completionScript } from "../../cli/completion/scripts.ts";
import { makeFleet } from "./fleet.ts";
import { BIN, homeEnvironment } from "./run-strata.ts";

/**
 * What bash offers for a line, its cursor at the end: the words are broken as readline breaks them, and what was typed
 * up to the last break is put before each offer.
 */
const ASK_BASH = String.raw`
source "$SCRIPT"
COMP_LINE=$LINE COMP_POINT=${"${#LINE}"}
COMP_WORDS=() rest=$LINE
while [[ $rest =~ ^([[:space:]]*)([^[:space:]@:=]+|[@:=]+)(.*)$ ]]; do COMP_WORDS+=("${"${BASH_REMATCH[2]}"}"); rest=${"${BASH_REMATCH[3]}"}; done
[[ $LINE == *[[:space:]] ]] && COMP_WORDS+=("")
COMP_CWORD=$(( ${"${#COMP_WORDS[@]}"} - 1 ))
_strata
printf '%s\n' "${"${COMPREPLY[@]}"}"
`;

async function setUp() {
  const fleet = await makeFleet();
  await fleet.json(["profile", "version", "hello-universe@1.1.0"]);
  await fleet.json(["cluster", "create", "dev-east", "--sandbox", "--profile", "hello-universe@1.0.0"]);
  await fleet.json(["cluster", "create", "dev-west", "--sandbox"]);
  const bin = join(fleet.home, "bin");
  await mkdir(bin);
  const launcher = join(bin, "strata");
  await writeFile(launcher, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  await chmod(launcher, 0o755);
  const script = join(fleet.home, "strata.bash");
  await writeFile(script, completionScript("bash"));
  const environment = homeEnvironment(fleet.home);
  return async (line: string): Promise<string[]> => {
    const env = { ...environment, PATH: `${bin}:${environment.PATH}`, SCRIPT: script, LINE: line };
    const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", ASK_BASH], {
      cwd: fleet.repo,
      env,
    });
    return stdout.split("\n").filter((word) => word !== "");
  };
}

test("bash completes commands, options and what is in the repository", async () => {
  const offers = await setUp();
  expect(await offers("strata clu")).toEqual(["cluster"]);
  expect(await offers("strata cluster ro")).toEqual(["rollback"]);
  expect(await offers("strata cluster use --la")).toEqual(["--latest"]);
  expect(await offers("strata -o ")).toEqual(["table", "json"]);
  expect(await offers("strata completion ")).toEqual(["bash", "zsh", "fish"]);
  expect(await offers("strata cluster show ")).toEqual(["dev-east", "dev-west"]);
  expect(await offers("strata cluster show dev-w")).toEqual(["dev-west"]);
  expect(await offers("strata sync dev-east dev-w")).toEqual(["dev-west"]);
  expect(await offers("strata cluster use dev-east hello")).toEqual([
    "hello-universe@1.0.0",
    "hello-universe@1.1.0",
  ]);
  // Readline keeps what stands before the `@`.
  expect(await offers("strata cluster use dev-east hello-universe@1.1")).toEqual(["1.1.0"]);
  expect(await offers("strata cluster create new --profile hello-universe@1.0")).toEqual(["1.0.0"]);
  expect(await offers("strata cluster show dev-east ")).toEqual([]);
  expect(await offers("strata --repo /nowhere cluster show ")).toEqual([]);
});

test.each(["zsh", "fish"] as const)("the script for %s asks strata for what may come", (shell) => {
  expect(completionScript(shell)).toContain("strata __complete -- ");
});
