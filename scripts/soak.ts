import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "./message-of.ts";

const HELP = `Random operations, drift, kills and faults against real API servers, and then a look at all that must hold.

  npm run soak -- [--minutes <n>] [--seed <n>] [--servers <n>]

  --minutes  how long (default 5)
  --seed     chooses the operations (default: another one each time; it is printed)
  --servers  how many API servers, 1 to 4 (default 3)

STRATA_TEST_KUBECONFIG names API servers that run already (npm run control-plane -- start --clusters 5).
Exit codes: 0 all held; 1 something did not, or could not be tried; 2 wrong usage.
`;

const ROOT = join(import.meta.dirname, "..");

const options = {
  minutes: { type: "string", default: "5" },
  seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  servers: { type: "string", default: "3" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ readonly options: typeof options }>>["values"];

/** The options, or what is wrong with them. */
function parseOptions(args: string[]): Values | string {
  try {
    const { values } = parseArgs({ args, options });
    if (!/^\d+(\.\d+)?$/.test(values.minutes)) return `--minutes is a number, not "${values.minutes}"`;
    if (!/^\d+$/.test(values.seed)) return `--seed is a whole number, not "${values.seed}"`;
    if (!/^[1-4]$/.test(values.servers)) return `--servers is 1 to 4, not "${values.servers}"`;
    return values;
  } catch (error) {
    return messageOf(error);
  }
}

const values = parseOptions(process.argv.slice(2));
if (typeof values === "string") {
  process.stderr.write(`${values}\n\n${HELP}`);
  process.exitCode = 2;
} else if (values.help) process.stdout.write(HELP);
else {
  const args = ["vitest", "run", "tests/soak/soak.control-plane.test.ts"];
  const child = spawn("npx", args, {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      STRATA_SOAK_MINUTES: values.minutes,
      STRATA_SOAK_SEED: values.seed,
      STRATA_SOAK_SERVERS: values.servers,
      STRATA_SOAK_BIN: join(ROOT, "dist/cli/bin.js"),
    },
  });
  const [code] = (await once(child, "close")) as [number | null];
  process.exitCode = code ?? 1;
}
