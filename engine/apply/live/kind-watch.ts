import { failureKind } from "../../cluster/failure-kind.ts";
import type {
  GoneObject,
  KubeApi,
  ObjectRef,
  ResourceType,
  Watch,
  WatchHandlers,
} from "../../cluster/types.ts";
import type { EngineError } from "../../model/errors.ts";
import type { KubeObject } from "../../model/kube-object.ts";

export interface KindWatchOptions {
  readonly api: KubeApi;
  readonly type: ResourceType;
  readonly labelSelector: string;
  readonly onUpsert: (object: KubeObject) => void;
  readonly onGone: (gone: GoneObject) => void;
  /** All objects are told; what else was known of the kind is gone where {@link KindWatch.lacks} says so. */
  readonly onSynced: () => void;
  /** It came to stand, or went down. */
  readonly onState: () => void;
  /** Other watches take over from one that saw everything: what went in between is not told. */
  readonly onNarrow: () => void;
}

/**
 * - `opening`: nothing is known yet.
 * - `standing`: all objects of the selection are known, and every change will be.
 * - `down`: no events come for now.
 * - `refused`: the server does not let us watch this (no right, no such kind).
 */
type StreamState = "opening" | "standing" | "down" | "refused";

interface Stream {
  state: StreamState;
  synced: boolean;
  problem?: EngineError;
  watch?: Watch;
}

/** The key under which the one stream over all namespaces stands. */
const EVERYWHERE = "";

/**
 * The watch of one kind at one version, narrowed by label: over the whole cluster, or, where the right to that is
 * missing, in each namespace that is asked for.
 */
export class KindWatch {
  readonly #options: KindWatchOptions;
  readonly #streams = new Map<string, Stream>();
  #waiters: (() => void)[] = [];

  constructor(options: KindWatchOptions) {
    this.#options = options;
    this.#open(EVERYWHERE);
  }

  get type(): ResourceType {
    return this.#options.type;
  }

  get standing(): boolean {
    return [...this.#streams.values()].every((stream) => stream.state === "standing");
  }

  /** The failure to reach the cluster for which no events come; undefined while there is none. */
  get unreachable(): EngineError | undefined {
    const down = [...this.#streams.values()].filter((stream) => stream.state === "down");
    return down.find((stream) => failureKind(stream.problem) === "unreachable")?.problem;
  }

  /** Whether an object that was seen at this version is gone, or has lost the label, since. */
  lacks(ref: ObjectRef, resourceVersion: string): boolean {
    const stream = this.#streams.get(EVERYWHERE) ?? this.#streams.get(ref.namespace);
    return stream?.watch?.lacks(ref, resourceVersion) ?? false;
  }

  /**
   * Waits until it stands in these namespaces, or until it is known that it does not.
   * @throws the failure to reach the cluster, and the signal's reason
   */
  async ready(namespaces: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      this.#narrow(namespaces);
      const { unreachable } = this;
      if (unreachable !== undefined) throw unreachable;
      if (![...this.#streams.values()].some((stream) => stream.state === "opening")) return;
      await this.#changed(signal);
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.watch?.close();
    this.#streams.clear();
    this.#notify();
  }

  /** Without the right to watch a kind everywhere, it is watched in each namespace. */
  #narrow(namespaces: ReadonlySet<string>): void {
    const everywhere = this.#streams.get(EVERYWHERE);
    if (everywhere !== undefined) {
      const { type } = this.#options;
      const forbidden = everywhere.state === "refused" && everywhere.problem?.code === "api-403";
      if (!forbidden || !type.namespaced || namespaces.size === 0) return;
      everywhere.watch?.close();
      this.#streams.delete(EVERYWHERE);
      if (everywhere.synced) this.#options.onNarrow();
    }
    for (const namespace of namespaces) {
      if (!this.#streams.has(namespace)) this.#open(namespace);
    }
  }

  #open(namespace: string): void {
    const { api, type, labelSelector, onUpsert, onGone } = this.#options;
    const stream: Stream = { state: "opening", synced: false };
    this.#streams.set(namespace, stream);
    const turn = (state: StreamState, problem?: EngineError): void => {
      stream.state = state;
      if (problem === undefined) delete stream.problem;
      else stream.problem = problem;
      this.#notify();
      this.#options.onState();
    };
    const handlers: WatchHandlers = {
      onUpsert,
      onGone,
      onSynced: () => {
        stream.synced = true;
        this.#options.onSynced();
        turn("standing");
      },
      onDown: (problem) => turn(failureKind(problem) === "wrong" ? "refused" : "down", problem),
      onUp: () => turn(stream.synced ? "standing" : "opening"),
    };
    stream.watch = api.watch(
      type,
      { labelSelector, ...(namespace === EVERYWHERE ? {} : { namespace }) },
      handlers,
    );
  }

  async #changed(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener("abort", done);
        resolve();
      };
      signal.addEventListener("abort", done, { once: true });
      this.#waiters.push(done);
    });
  }

  #notify(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}
