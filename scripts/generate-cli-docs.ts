/** Writes docs/cli.md from the definitions of the commands; with `--check` it only says whether the file is up to date. */
import { readFile, writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { buildProgram } from "../cli/build-program.ts";
import { EXIT_CODE_MEANINGS, EXIT_CODES } from "../cli/exit-codes.ts";
import type { CliIo } from "../cli/io.ts";

const FILE = new URL("../docs/cli.md", import.meta.url);
const WIDTH = 100;

const INTRO = `# The command line

Written by \`node scripts/generate-cli-docs.ts\` from the commands themselves.

- Every command takes \`--repo <dir or URL>\`; without it, it is the repository around the current folder.
- \`-o json\` prints the data on stdout and errors as \`{"error": {…}}\` on stderr; everything else a command says is on
  stderr too.
- Colours are for terminals; \`--no-color\` or [\`NO_COLOR\`](https://no-color.org) turn them off.
- Commands that change something print the commit that they made. \`--dry-run\` shows the diff and commits nothing;
  \`--wait\` follows the change into the clusters through a running engine.
- \`strata use\` and \`strata rollback\` are short for \`strata cluster use\` and \`strata cluster rollback\`.
`;

function renderDocs(): string {
  let captured = "";
  const out = { write: (text: string) => void (captured += text), columns: WIDTH };
  const signal = new AbortController().signal;
  const io: CliIo = {
    stdin: new PassThrough(),
    stdout: out,
    stderr: out,
    env: {},
    cwd: "/",
    serviceAccount: "/",
    signal,
    leaveInterrupts: (work) => work(),
  };
  const program = buildProgram({ io, exitCode: EXIT_CODES.ok });
  const helpOf = (command: Command): string => {
    captured = "";
    command.configureHelp({ showGlobalOptions: false }).outputHelp();
    return captured.trim();
  };
  const codes = EXIT_CODE_MEANINGS.map(({ code, meaning }) => `| ${code} | ${meaning} |\n`).join("");
  const exitCodes = `## Exit codes\n\n| code | meaning |\n|---|---|\n${codes}`;
  const sections = visibleCommands(program).map(
    ([name, command]) => `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
  );
  return [INTRO, exitCodes, ...sections].join("\n");
}

/** The program and every command that help lists, depth first, by its full name. */
function visibleCommands(command: Command, prefix = ""): [string, Command][] {
  const name = prefix === "" ? command.name() : `${prefix} ${command.name()}`;
  const children = command.createHelp().visibleCommands(command);
  return [[name, command], ...children.flatMap((child) => visibleCommands(child, name))];
}

const docs = renderDocs();
if (process.argv.includes("--check")) {
  if ((await readFile(FILE, "utf8")) !== docs) {
    console.error("docs/cli.md is out of date: run node scripts/generate-cli-docs.ts");
    process.exitCode = 1;
  }
} else await writeFile(FILE, docs);
