import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../../cli/build-program.ts";
import { EXIT_CODES } from "../../cli/exit-codes.ts";
import { runCli } from "../../cli/main.ts";
import { recordingIo } from "./recording-io.ts";
import { strata, tempHome } from "./run-strata.ts";

function leaves(command: Command, path: readonly string[] = []): string[][] {
  if (command.commands.length === 0) return [[...path]];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}

const program = buildProgram({ io: recordingIo().io, exitCode: EXIT_CODES.ok });
const commands = leaves(program).filter(([name]) => name !== "__complete" && name !== "help");

describe("help", () => {
  test.each(commands.map((path) => [path.join(" "), path] as const))(
    "of `strata %s` has an example and exit codes",
    async (name, path) => {
      const { io, out } = recordingIo();
      expect(await runCli([...path, "--help"], io)).toBe(0);
      const help = out.join("");
      expect(help).toMatch(new RegExp(`Examples:\\n {2}\\$ strata (cluster )?${name}`));
      expect(help).toMatch(/Exit codes:\n {2}0 {2}done\n {2}1 /);
      expect(help).toContain("--repo");
    },
  );

  test("lists the commands, in the process that a user starts", async () => {
    const cwd = await tempHome();
    const { code, stdout, stderr } = await strata(["--help"], { cwd });
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of ["init", "profile", "cluster", "serve", "sync", "completion"])
      expect(stdout).toContain(`\n  ${name}`);
    expect(stdout).not.toContain("__complete");
    expect(stdout).not.toContain("rollback");
  });

  test("explains the exit codes", async () => {
    const { io, out } = recordingIo();
    expect(await runCli(["help", "exit-codes"], io)).toBe(0);
    for (const code of Object.values(EXIT_CODES))
      expect(out.join("")).toMatch(new RegExp(`^ +${code}  \\w`, "m"));
  });

  test("of one command by name", async () => {
    const { io, out } = recordingIo();
    expect(await runCli(["help", "cluster", "use"], io)).toBe(0);
    expect(out.join("")).toContain("Usage: strata cluster use");
    expect(await runCli(["help", "cluster", "nothing"], recordingIo().io)).toBe(2);
  });
});

describe("a wrong command line", () => {
  test.each([
    [["nothing"]],
    [["cluster"]],
    [["cluster", "use", "dev"]],
    [["cluster", "list", "--nothing"]],
    [["cluster", "list", "-o", "xml"]],
    [["cluster", "list", "more"]],
    [["cluster", "use", "dev", "hello"]],
    [["cluster", "use", "dev", "hello@1.0.0", "--revision", "0"]],
    [["cluster", "use", "dev", "hello@1.0.0", "--revision", "1", "--latest"]],
    [["cluster", "create", "dev"]],
    [["cluster", "create", "dev", "--sandbox", "--context", "a"]],
    [["cluster", "list", "--filter", "tags has x"]],
    [["sync", "--timeout", "soon"]],
    [["serve", "--listen", "8080"]],
    [["lock", "--dry-run"]],
    [["completion", "tcsh"]],
  ])("%j ends with 2 and says why", async (argv) => {
    const { io, err } = recordingIo();
    expect(await runCli(argv, { ...io, cwd: new URL("../..", import.meta.url).pathname })).toBe(2);
    expect(err.join("")).toMatch(
      argv.length === 1 && argv[0] === "cluster" ? /^Usage: strata cluster/ : /^error\[[a-z-]+\]: .+/,
    );
  });

  test("is JSON for programs, and nothing is on stdout", async () => {
    const cwd = await tempHome();
    const { code, stdout, stderr } = await strata(["clster", "list", "-o", "json"], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "usage", message: "unknown command 'clster'", hint: "Did you mean cluster?" },
    });
  });

  test("outside of a repository says how to get one", async () => {
    const cwd = await tempHome();
    const { code, stdout, stderr } = await strata(["profile", "list"], { cwd });
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^error\[repository-missing\]: .+\n {2}hint: .*strata init/);
  });
});
