import { once } from "node:events";
import { parseArgs } from "node:util";
import { ensureBinaries, missingTools } from "../tests/support/control-plane/binaries.ts";
import { startControlPlane } from "../tests/support/control-plane/start.ts";

const HELP = `Real Kubernetes API servers for use by hand.

  npm run control-plane -- start [--clusters <n>]   start them, print the kubeconfig, stay until Ctrl-C
  npm run control-plane -- build                    only build what they need

Exit codes: 0 stopped as asked, 1 failed or something is missing, 2 wrong usage.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clusters: { type: "string", default: "2" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const clusters = Number(values.clusters);
  const [command] = positionals;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (
    (command !== "start" && command !== "build") ||
    !Number.isInteger(clusters) ||
    clusters < 1 ||
    clusters > 20
  ) {
    process.stderr.write(HELP);
    return 2;
  }
  const missing = await missingTools(process.env);
  if (missing.length > 0) {
    process.stderr.write(`${missing.join("\n")}\n`);
    return 1;
  }
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const binaries = await ensureBinaries(process.env, say);
  if (command === "build") return 0;
  const plane = await startControlPlane({ clusters, binaries, say });
  const contexts = plane.clusters.map((cluster) => cluster.name);
  process.stdout.write(`kubeconfig: ${plane.kubeconfig}\ncontexts:   ${contexts.join(", ")}\n\n`);
  process.stdout.write(
    `  export KUBECONFIG=${plane.kubeconfig}\n  kubectl --context ${contexts[0] ?? ""} get nodes\n\nCtrl-C stops them.\n`,
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  say("stopping");
  await plane.stop();
  return 0;
}

process.exitCode = await main();
