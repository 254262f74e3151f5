import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, createApiClient } from "../../api/client.ts";
import { EngineRecord } from "../../server/engine-file.ts";
import { createCli, startServe } from "../e2e/cli.ts";
import { tempDir } from "../support/temp-git.ts";

/** As a package has it; `npm run bench` builds it. */
export const BUILT = join(import.meta.dirname, "../../dist/cli/bin.js");
const LONG_MS = 600_000;

export interface ServedEngine {
  readonly api: ApiClient;
  readonly pid: number;
  /** Looks at the repository and waits until all clusters rest. */
  readonly sync: () => Promise<void>;
  /** Looks at the repository, as a webhook tells it to, and waits for nothing. */
  readonly look: () => void;
  readonly stop: () => Promise<void>;
}

/** `strata serve` as a user runs it, in a process of its own. */
export async function serveEngine(
  repository: string,
  kubeconfig: string,
  contexts: readonly string[],
): Promise<ServedEngine> {
  const home = await tempDir();
  const cli = createCli(home, home, BUILT);
  const allowed = contexts.flatMap((context) => ["--allow-context", context]);
  const args = ["--repo", repository, "--kubeconfig", kubeconfig, "--interval", "1h", ...allowed];
  const serving = await startServe(cli, home, args);
  const api = createApiClient(await recordIn(home));
  const sync = async (): Promise<void> => {
    await api.call("sync", { body: {}, signal: AbortSignal.timeout(LONG_MS), timeout: LONG_MS });
  };
  return {
    api,
    pid: serving.process.pid ?? 0,
    sync,
    look: () => void sync().catch(() => undefined),
    stop: async () => {
      await serving.stop();
      await api.close();
    },
  };
}

async function recordIn(home: string): Promise<EngineRecord> {
  const folder = join(home, "state", "strata", "engines");
  const [file = ""] = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  return EngineRecord.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
}
