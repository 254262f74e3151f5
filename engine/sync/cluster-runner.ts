import { backoff } from "../apply/backoff.ts";
import type { DriftNotice } from "../apply/drift/notice.ts";
import { openClusterSession } from "../apply/session.ts";
import type { ClusterSession, SessionLog } from "../apply/session-types.ts";
import type { TurnIdentity } from "../apply/turn/turn-keeper.ts";
import type { KubeApi } from "../cluster/types.ts";
import type { Cluster, Connection } from "../model/cluster.ts";
import type { Desired } from "../model/desired.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import type { ClusterHealth, ClusterLive } from "../model/status.ts";
import type { WorkloadView } from "../model/view.ts";

export type Connect = (connection: Connection, cluster: string, signal: AbortSignal) => Promise<KubeApi>;

export interface RunnerOptions {
  readonly cluster: string;
  readonly repository: string;
  readonly connect: Connect;
  readonly isDirectory: (cluster: string) => boolean;
  readonly takesOver: boolean;
  /** How this engine takes turns with others. */
  readonly turns: TurnIdentity;
  readonly onChange: (live: ClusterLive, before: ClusterLive) => void;
  readonly onDrift: (notice: DriftNotice) => void;
  readonly log: SessionLog;
}

/** What a cluster is to be: its complete render, or why there is none. */
export type Target =
  | { readonly connection: Connection; readonly desired: Desired }
  | { readonly connection: Connection | undefined; readonly blockedBy: readonly Problem[] };

/** A cluster's runner, and what it was aimed at. */
export interface Managed {
  readonly runner: ClusterRunner;
  /** Identity of the repository. */
  readonly repository: string;
  key: string;
  isLeaving: boolean;
  target: Target | undefined;
}

export const UNKNOWN: ClusterLive = { health: "unknown", message: "", layers: [], urls: [], blockedBy: [] };

/** A connection that cannot be made is tried again for ever: files change without a commit. Milliseconds. */
const RETRY = { first: 1_000, most: 60_000 };

/** One cluster's queue of one: the newest target wins, and whoever waits is told when it has settled. */
export class ClusterRunner {
  readonly #options: RunnerOptions;
  #session: { readonly key: string; readonly session: ClusterSession; readonly api: KubeApi } | undefined;
  /** The newest commit at which the target is what the repository says. */
  #commit: string | undefined;
  #blocked: ClusterLive | undefined;
  #last: ClusterLive = UNKNOWN;
  /** Called once at the next change of the live state. */
  readonly #waiting = new Set<() => void>();
  #turn: AbortController | undefined;
  #settled: Promise<void> = Promise.resolve();
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  /** Sessions open one after another: a cluster never has two. */
  #opening: Promise<unknown> = Promise.resolve();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  live(): ClusterLive {
    return this.#blocked ?? this.#session?.session.live() ?? UNKNOWN;
  }

  workloads(namespace: string | undefined): readonly WorkloadView[] {
    return this.#session?.session.workloads(namespace) ?? [];
  }

  api(): KubeApi | undefined {
    return this.#session?.api;
  }

  /** Throws `cluster-unreachable` where it is not connected. */
  requireApi(): KubeApi {
    const api = this.api();
    if (api !== undefined) return api;
    const { message } = this.live();
    const why = message === "" ? "it is not connected yet" : message;
    throw new EngineError(
      "cluster-unreachable",
      `cluster "${this.#options.cluster}" cannot be asked: ${why}`,
      {
        retryable: true,
        hint: "mend its connection in cluster.yaml or the engine's options",
      },
    );
  }

  /** Begins with a new target; the one before is superseded at its next step. Resolves when the target has settled or was superseded. */
  aim(target: Target): Promise<void> {
    this.#failures = 0;
    this.#commit = undefined;
    return this.#begin(target);
  }

  /** The target is the same at a newer commit. */
  stands(commit: string): void {
    this.#commit = commit;
    this.#session?.session.stands(commit);
  }

  #begin(target: Target): Promise<void> {
    clearTimeout(this.#retry);
    this.#turn?.abort();
    const turn = new AbortController();
    this.#turn = turn;
    const before = this.#opening;
    this.#settled = before.then(() => this.#run(target, turn.signal));
    return this.#settled;
  }

  /** Resolves when the newest target has settled and nothing of it is on its way any more. */
  async rested(): Promise<void> {
    for (
      let seen: Promise<void> | undefined;
      seen !== this.#settled || this.live().health === "progressing";
    ) {
      seen = this.#settled;
      await seen;
      if (this.live().health === "progressing")
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry);
    this.#turn?.abort();
    await this.#opening;
    await this.#closeSession();
    for (const wake of this.#waiting) wake();
  }

  async #run(target: Target, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if ("blockedBy" in target) {
      this.#block(target.blockedBy);
      return;
    }
    try {
      const opening = this.#open(target.connection, signal);
      this.#opening = opening.catch(() => undefined);
      const session = await opening;
      this.#blocked = undefined;
      const settled = session.sync(target.desired, signal);
      if (this.#commit !== undefined) session.stands(this.#commit);
      await settled;
    } catch (error) {
      if (signal.aborted) return;
      this.#block([describe(error)]);
      this.#failures += 1;
      this.#retry = setTimeout(() => void this.#begin(target), backoff(this.#failures, RETRY));
    }
  }

  async #open(connection: Cluster["spec"]["connection"], signal: AbortSignal): Promise<ClusterSession> {
    const key = JSON.stringify(connection);
    if (this.#session?.key === key) return this.#session.session;
    await this.#closeSession();
    const { cluster, repository, isDirectory, takesOver, turns, onDrift, log } = this.#options;
    const api = await this.#options.connect(connection, cluster, signal);
    if (signal.aborted) {
      await api.close();
      signal.throwIfAborted();
    }
    const session = openClusterSession({
      api,
      cluster,
      repository,
      isDirectory,
      takesOver,
      ...turns,
      onDrift,
      log,
      onChange: () => this.#changed(),
    });
    this.#session = { key, session, api };
    return session;
  }

  async #closeSession(): Promise<void> {
    const open = this.#session;
    this.#session = undefined;
    await open?.session.close();
    await open?.api.close();
  }

  #block(problems: readonly Problem[]): void {
    const live = this.#session?.session.live() ?? UNKNOWN;
    const [first] = problems;
    // Nothing drives what was under way: it does not progress.
    const health: ClusterHealth = live.health === "unreachable" ? live.health : "degraded";
    this.#blocked = { ...live, health, message: first?.message ?? "", blockedBy: [...problems] };
    this.#changed();
  }

  #changed(): void {
    const now = this.live();
    const before = this.#last;
    this.#last = now;
    this.#options.onChange(now, before);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

function describe(error: unknown): Problem {
  if (error instanceof EngineError) return error.toProblem();
  return {
    code: "internal",
    message: error instanceof Error ? error.message : String(error),
    severity: "error",
  };
}
