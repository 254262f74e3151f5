import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, createApiClient } from "../../api/client.ts";
import type { ClusterView, PruneView } from "../../engine/model/view.ts";
import { EngineRecord } from "../../server/engine-file.ts";
import { memoryOf } from "../bench/process-use.ts";
import { type Cli, createCli, type Serving, startServe } from "../e2e/cli.ts";
import { Memory } from "./figures.ts";
import type { SoakEngine } from "./soak-engine.ts";

const LONG_MS = 30_000;

/** `strata serve` as a user runs it. It is itself again after each start: its home stays. */
export class EngineProcess implements SoakEngine {
  readonly #cli: Cli;
  readonly #args: readonly string[];
  #serving: Serving | undefined;
  #api: ApiClient | undefined;
  #isFrozen = false;
  /** What it holds resident, over all its lives. */
  readonly memory = new Memory();

  /** @param bin the program; left out: from source */
  constructor(home: string, args: readonly string[], bin: string | undefined) {
    this.#cli = createCli(home, home, bin);
    this.#args = args;
  }

  async start(): Promise<void> {
    if (this.#serving !== undefined) return;
    this.memory.begin();
    const engines = join(this.#cli.home, "state", "strata", "engines");
    this.#serving = await startServe(this.#cli, this.#cli.home, this.#args);
    const [file = ""] = (await readdir(engines)).filter((name) => name.endsWith(".json"));
    const record = EngineRecord.parse(JSON.parse(await readFile(join(engines, file), "utf8")));
    this.#api = createApiClient(record);
  }

  async kill(): Promise<void> {
    const [serving, api] = [this.#serving, this.#api];
    this.#serving = undefined;
    this.#isFrozen = false;
    await serving?.stop("SIGKILL");
    await api?.close();
  }

  /** False where it does not run. */
  freeze(): boolean {
    this.#isFrozen = this.#serving?.process.kill("SIGSTOP") ?? false;
    return this.#isFrozen;
  }

  thaw(): void {
    if (this.#isFrozen) this.#serving?.process.kill("SIGCONT");
    this.#isFrozen = false;
  }

  /** Throws where it ended by itself. */
  check(): void {
    const { exitCode, signalCode } = this.#serving?.process ?? { exitCode: null, signalCode: null };
    if (exitCode === null && signalCode === null) return;
    throw new Error(`an engine ended by itself (${exitCode ?? signalCode}): ${this.log()}`);
  }

  /** What it said last. */
  log(): string {
    return this.#serving?.stderr().slice(-4_000) ?? "";
  }

  /** Takes a sample of its memory. */
  async sample(): Promise<void> {
    const pid = this.#serving?.process.pid;
    if (pid !== undefined) this.memory.add((await memoryOf(pid)).now);
  }

  async views(): Promise<readonly ClusterView[]> {
    const engine = this.#serving?.process;
    try {
      return await this.#running().call("listClusters", { query: {}, signal: AbortSignal.timeout(LONG_MS) });
    } catch (error) {
      // One that ended has its end told a little later
      if (engine?.exitCode === null && engine.signalCode === null)
        await once(engine, "exit", { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      this.check();
      throw error;
    }
  }

  prune(name: string): Promise<PruneView> {
    return this.#running().call("getPrune", { params: { name }, signal: AbortSignal.timeout(LONG_MS) });
  }

  #running(): ApiClient {
    if (this.#api === undefined) throw new Error("the engine does not run");
    return this.#api;
  }
}
