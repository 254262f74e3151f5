import type { KubeApi, ResourceType, WatchHandlers } from "../../../engine/cluster/types.ts";
import { EngineError } from "../../../engine/model/errors.ts";

/** One writing request. */
export interface Write {
  readonly verb: "apply" | "create" | "replace" | "jsonPatch" | "delete";
  readonly kind: string;
  readonly name: string;
}

interface Stop {
  readonly at: (write: Write) => boolean;
  /** `before`: the request is on its way and reaches the server late; `after`: the server did it, and the answer waits. */
  readonly when: "before" | "after";
}

export interface SleepingApi {
  readonly api: KubeApi;
  /** Resolves when the stop was reached; from then on nothing comes in, as in a process that is frozen. */
  readonly asleep: Promise<void>;
  /** All that waited comes in at once: answers before what the watches brought. */
  wake(): Promise<void>;
  /** Ends it in its sleep: nothing comes in or goes out any more. */
  readonly kill: () => void;
  /** Every write so far. */
  readonly writes: readonly Write[];
}

/** The API of an engine that falls asleep at one of its writes. */
export function sleepingApi(api: KubeApi, stop: Stop): SleepingApi {
  const { promise: asleep, resolve: fallAsleep } = Promise.withResolvers<void>();
  const { promise: awake, resolve: wakeUp } = Promise.withResolvers<void>();
  const writes: Write[] = [];
  const events: (() => void)[] = [];
  let sleeps = false;
  let hasSlept = false;
  let isDead = false;
  const wait = async (): Promise<void> => {
    await awake;
    if (isDead) throw new EngineError("cluster-unreachable", "the engine was killed", { retryable: true });
  };

  async function write<T>(verb: Write["verb"], type: ResourceType, name: string, send: () => Promise<T>) {
    const one = { verb, kind: type.kind, name };
    if (isDead) await wait();
    const stops = !hasSlept && stop.at(one);
    if (stops) {
      hasSlept = true;
      sleeps = true;
      if (stop.when === "before") {
        fallAsleep();
        await wait();
      }
    }
    writes.push(one);
    const answer = await send();
    if (stops) fallAsleep();
    if (sleeps) await wait();
    return answer;
  }
  const later = <Args extends unknown[]>(handle: (...args: Args) => void) => {
    return (...args: Args): void => void (sleeps ? events.push(() => handle(...args)) : handle(...args));
  };
  const sleeping: KubeApi = {
    discovery: api.discovery,
    get requests() {
      return api.requests;
    },
    identity: (signal) => api.identity(signal),
    get: (type, ref, signal) => api.get(type, ref, signal),
    list: (type, options, signal) => api.list(type, options, signal),
    apply: (type, object, options, signal) =>
      write("apply", type, object.metadata.name, () => api.apply(type, object, options, signal)),
    create: (type, object, signal) =>
      write("create", type, object.metadata.name, () => api.create(type, object, signal)),
    replace: (type, object, signal) =>
      write("replace", type, object.metadata.name, () => api.replace(type, object, signal)),
    jsonPatch: (type, ref, patch, signal) =>
      write("jsonPatch", type, ref.name, () => api.jsonPatch(type, ref, patch, signal)),
    delete: (type, ref, options, signal) =>
      write("delete", type, ref.name, () => api.delete(type, ref, options, signal)),
    watch: (type, selection, handlers: WatchHandlers) =>
      api.watch(type, selection, {
        onUpsert: later((object) => handlers.onUpsert(object)),
        onGone: later((gone) => handlers.onGone(gone)),
        onSynced: later(() => handlers.onSynced()),
        onDown: later((problem) => handlers.onDown(problem)),
        onUp: later(() => handlers.onUp()),
      }),
    close: () => api.close(),
  };
  const wake = async (): Promise<void> => {
    wakeUp();
    // Whoever waits for an answer goes on first, and may send what comes next
    for (let step = 0; step < 1_000; step += 1) await Promise.resolve();
    sleeps = false;
    for (const event of events.splice(0)) event();
  };
  const kill = (): void => {
    isDead = true;
    wakeUp();
  };
  return { api: sleeping, asleep, wake, kill, writes };
}
