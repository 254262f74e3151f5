import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { clusterKubeconfig } from "../support/control-plane/kubeconfig.ts";
import { tempDir } from "../support/temp-git.ts";
import { EngineProcess } from "./engine-process.ts";
import type { OtherOperations, SoakWorld } from "./soak-world.ts";

/** The engine of a fleet, and another one that comes and goes, as somebody's with a copy of the repository. */
export interface Engines {
  readonly main: EngineProcess;
  readonly rival: EngineProcess;
  /** What is done to both. */
  readonly operate: OtherOperations;
}

/** @param bin the program; left out: from source */
export async function newEngines(world: SoakWorld, bin: string | undefined): Promise<Engines> {
  const kubeconfig = join(await tempDir(), "kubeconfig");
  const access = world.clusters.map(({ target, proxy }) => ({
    name: target.context,
    server: proxy.server,
    token: target.token,
    ca: proxy.ca,
  }));
  await writeFile(kubeconfig, clusterKubeconfig(access), { mode: 0o600 });
  const flags = ["--kubeconfig", kubeconfig, ...access.flatMap(({ name }) => ["--allow-context", name])];
  const { dir } = world.repository;
  const main = new EngineProcess(await tempDir(), ["--repo", dir, ...flags], bin);
  const remote = ["--repo", pathToFileURL(dir).href, "--interval", "2s"];
  const rival = new EngineProcess(await tempDir(), [...remote, ...flags], bin);
  return { main, rival, operate: operationsOn(main, rival) };
}

function operationsOn(main: EngineProcess, rival: EngineProcess): OtherOperations {
  return async ({ kind, pick }, last) => {
    if (kind === "rival") {
      await rival.start();
      last(() => rival.kill());
      return true;
    }
    const frozen = pick % 3 === 0 ? rival : main;
    last(() => frozen.thaw());
    return frozen.freeze();
  };
}
