import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractKubectl } from "../tests/support/control-plane/kubectl.ts";
import { INPUTS } from "../tests/yaml/golden/inputs.ts";

/**
 * Writes tests/yaml/golden/kubectl.json: what the real kubectl makes of each input. `patch --local` with an empty patch
 * decodes as `apply` does and prints the objects unchanged, without a cluster.
 */
const ARGUMENTS = ["patch", "--local", "-f", "-", "--type=merge", "-p", "{}", "-o", "json"];
/** What kubectl says where a file has no objects; an apply says something similar and also fails. */
const NOTHING = "no objects passed to patch";

interface Outcome {
  readonly objects?: readonly string[];
  readonly refused?: string;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "strata-yaml-golden-"));
  try {
    const kubectl = join(folder, "kubectl");
    await extractKubectl(kubectl);
    const table: Record<string, Outcome> = {};
    for (const { name, manifest } of INPUTS) {
      if (name in table) throw new Error(`two inputs are called ${name}`);
      table[name] = await ask(kubectl, folder, manifest);
    }
    const rows = Object.entries(table).map(
      ([name, outcome]) => `  ${JSON.stringify(name)}: ${JSON.stringify(outcome)}`,
    );
    await writeFile(
      new URL("../tests/yaml/golden/kubectl.json", import.meta.url),
      `{\n${rows.join(",\n")}\n}\n`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function ask(kubectl: string, home: string, manifest: string | Uint8Array): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env: { HOME: home, KUBECONFIG: "/dev/null" }, maxBuffer: 2 ** 26, timeout: 60_000 };
    const child = execFile(kubectl, ARGUMENTS, options, (error, stdout, stderr) => {
      if (error === null) resolve({ objects: splitObjects(stdout) });
      else resolve(stderr.includes(NOTHING) ? { objects: [] } : { refused: stderr.trim().slice(0, 200) });
    });
    child.stdin?.end(manifest);
  });
}

/** The objects that kubectl printed, each on one line; numbers stay as kubectl wrote them. */
function splitObjects(stdout: string): string[] {
  const objects = stdout.split(/^\}\n/m).filter((text) => text.trim() !== "");
  return objects.map((text) => `${text}}`.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, "$1"));
}

await main();
