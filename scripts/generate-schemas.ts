/** Writes docs/schemas/*.json from the schemas of the engine; with `--check` it only says whether the files are up to date. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Cluster } from "../engine/model/cluster.ts";
import { Lock } from "../engine/model/lock.ts";
import { Profile } from "../engine/model/profile.ts";
import { Settings } from "../engine/model/settings.ts";

const FOLDER = new URL("../docs/schemas/", import.meta.url);

const SCHEMAS = [
  {
    file: "profile.json",
    schema: Profile,
    title: "Strata profile",
    description: "profiles/<profile>/profile.yaml: what clusters can run, as layers in install order",
  },
  {
    file: "cluster.json",
    schema: Cluster,
    title: "Strata cluster",
    description: "clusters/<cluster>/cluster.yaml: how a cluster is reached and which versions it runs",
  },
  {
    file: "lock.json",
    schema: Lock,
    title: "Strata lock",
    description: "clusters/<cluster>/strata.lock: the exact content that was approved; written by Strata",
  },
  {
    file: "settings.json",
    schema: Settings,
    title: "Strata settings",
    description: "strata.yaml: settings of the whole repository",
  },
];

/** Draft 7 is what the YAML language server of editors reads best; the input side is what people write. */
function render({ schema, title, description }: (typeof SCHEMAS)[number]): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ $schema, title, description, ...rest }, null, 2)}\n`;
}

await mkdir(FOLDER, { recursive: true });
for (const entry of SCHEMAS) {
  const file = new URL(entry.file, FOLDER);
  const text = render(entry);
  if (!process.argv.includes("--check")) await writeFile(file, text);
  else if ((await readFile(file, "utf8")) !== text) {
    console.error(`docs/schemas/${entry.file} is out of date: run node scripts/generate-schemas.ts`);
    process.exitCode = 1;
  }
}
