import { once } from "node:events";
import { parseArgs } from "node:util";
import { ensureBinaries } from "../tests/support/control-plane/binaries.ts";
import { missingTools } from "../tests/support/control-plane/missing-tools.ts";
import { startControlPlane } from "../tests/support/control-plane/start.ts";
import { messageOf } from "./message-of.ts";

const HELP = `Real Kubernetes API servers for use by hand, with scheduler, controllers, a fake node and a load balancer.

  npm run control-plane -- start [--clusters <n>]   start n clusters (1 to 20, default 2), print the kubeconfig,
                                                    stay until Ctrl-C
  npm run control-plane -- build                    only build what they need into ~/.cache/strata

Programs come from KUBEBUILDER_ASSETS where it names a folder that has them. To run tests on servers that run already:

  npm run control-plane -- start --clusters 5
  STRATA_TEST_KUBECONFIG=<the kubeconfig it wrote> npx vitest run tests/cluster

Exit codes: 0 done, or stopped as asked; 1 failed, something is missing, or stopped before it was ready; 2 wrong usage.
`;

interface Command {
  readonly action: "start" | "build" | "help";
  readonly clusters: number;
}

/** The command line as a command, or what is wrong with it. */
function parseCommand(args: readonly string[]): Command | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        clusters: { type: "string", default: "2" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const clusters = Number(values.clusters);
    if (values.help) return { action: "help", clusters };
    const [action, ...more] = positionals;
    if ((action !== "start" && action !== "build") || more.length > 0)
      return "say `start` or `build`, and nothing else";
    if (!/^([1-9]|1\d|20)$/.test(values.clusters))
      return `--clusters is a number from 1 to 20, not ${values.clusters}`;
    return { action, clusters };
  } catch (error) {
    return messageOf(error);
  }
}

async function run({ action, clusters }: Command, signal: AbortSignal): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const missing = await missingTools(process.env);
  if (missing.length > 0) {
    say(missing.join("\n"));
    return 1;
  }
  const binaries = await ensureBinaries({ environment: process.env, say, signal });
  if (action === "build") return 0;
  const plane = await startControlPlane({ clusters, binaries, say, signal });
  const names = plane.clusters.map(({ name }) => name);
  process.stdout.write(`kubeconfig: ${plane.kubeconfig}
contexts:   ${names.join(", ")}

  export KUBECONFIG=${plane.kubeconfig}
  ${binaries.kubectl} --context ${names[0] ?? ""} get nodes

Ctrl-C stops them and removes the kubeconfig.
`);
  if (!signal.aborted) await once(signal, "abort");
  say("stopping");
  await plane.stop();
  return 0;
}

const command = parseCommand(process.argv.slice(2));
if (typeof command === "string") {
  process.stderr.write(`${command}\n\n${HELP}`);
  process.exitCode = 2;
} else if (command.action === "help") {
  process.stdout.write(HELP);
} else {
  const stopped = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => stopped.abort());
  try {
    process.exitCode = await run(command, stopped.signal);
  } catch (error) {
    process.stderr.write(stopped.signal.aborted ? "stopped before it was ready\n" : `${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
