import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "../model/errors.ts";
import { type ApiError, eventError } from "./api-error.ts";
import { jsonLines } from "./json-lines.ts";
import { ListDeadline } from "./list-deadline.ts";
import { listAll, subjectOf } from "./list.ts";
import { errorOf, type Subject } from "./requests.ts";
import { collectionPath, query, selectors } from "./resource-path.ts";
import { isNotNewer } from "./resource-version.ts";
import { retryAfter } from "./retry-after.ts";
import type { RawStream, Transport } from "./transport.ts";
import type { ObjectRef, ResourceType, Selection, Watch, WatchHandlers } from "./types.ts";
import { readWatchEvent, type WatchEvent } from "./watch-event.ts";
import { WatchedSet } from "./watched-set.ts";

/** A stream that lasted so long was a good one: the next attempt need not wait. */
const GOOD_MS = 10_000;
/** So many short streams in a row are a problem to tell of. */
const TOO_MANY_SHORT = 4;

/**
 * Watches one kind for ever: WatchList where the server has it, else a paged list and a watch; from the last bookmark
 * after a lost connection; from the beginning where that is too old (410).
 */
export function startWatch(
  transport: Transport,
  type: ResourceType,
  selection: Selection,
  handlers: WatchHandlers,
): Watch {
  const closing = new AbortController();
  const end = (): void => closing.abort(transport.ended.reason);
  transport.ended.addEventListener("abort", end, { once: true });
  if (transport.ended.aborted) end();
  const run = new WatchRun(
    transport,
    { type, selection },
    untilClosed(handlers, closing.signal),
    closing.signal,
  );
  void run.forever().finally(() => transport.ended.removeEventListener("abort", end));
  return {
    lacks: (ref, resourceVersion) => run.lacks(ref, resourceVersion),
    close: () => closing.abort(new EngineError("watch-closed", "the watch was closed")),
  };
}

function untilClosed(handlers: WatchHandlers, closed: AbortSignal): WatchHandlers {
  return {
    onUpsert: (object) => closed.aborted || handlers.onUpsert(object),
    onGone: (gone) => closed.aborted || handlers.onGone(gone),
    onSynced: () => closed.aborted || handlers.onSynced(),
    onDown: (problem) => closed.aborted || handlers.onDown(problem),
    onUp: () => closed.aborted || handlers.onUp(),
  };
}

class WatchRun {
  readonly #transport: Transport;
  readonly #type: ResourceType;
  readonly #selection: Selection;
  readonly #subject: Subject;
  readonly #handlers: WatchHandlers;
  readonly #signal: AbortSignal;
  readonly #objects: WatchedSet;
  /** Where to go on; undefined where everything must be listed. */
  #resourceVersion: string | undefined;
  #listsBeforeWatch = false;
  #failures = 0;
  #down: string | undefined;

  constructor(
    transport: Transport,
    { type, selection }: { type: ResourceType; selection: Selection },
    handlers: WatchHandlers,
    signal: AbortSignal,
  ) {
    this.#transport = transport;
    this.#type = type;
    this.#selection = selection;
    this.#subject = subjectOf(type, selection);
    this.#handlers = handlers;
    this.#signal = signal;
    this.#objects = new WatchedSet(handlers);
  }

  lacks(ref: ObjectRef, resourceVersion: string): boolean {
    const told = this.#resourceVersion;
    return told !== undefined && isNotNewer(resourceVersion, told) && !this.#objects.has(ref);
  }

  async forever(): Promise<void> {
    while (!this.#signal.aborted) {
      const began = performance.now();
      let pause: number;
      try {
        const ended = await this.#once();
        const isGood = this.#resourceVersion !== undefined && performance.now() - began >= GOOD_MS;
        this.#failures = isGood ? 0 : this.#failures + 1;
        if (this.#failures >= TOO_MANY_SHORT) this.#fell(this.#keepsEnding());
        pause = ended === "start-anew" && this.#failures < TOO_MANY_SHORT ? 0 : this.#backoff();
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#failures += 1;
        this.#fell(error);
        pause = Math.max(this.#backoff(), retryAfter(error));
      }
      if (pause > 0) await delay(pause, undefined, { signal: this.#signal }).catch(() => {});
    }
  }

  /** One stream, to its end. Throws where it cannot be opened or the server ends it with an error. */
  async #once(): Promise<"ended" | "start-anew"> {
    if (this.#resourceVersion === undefined && this.#listsBeforeWatch) await this.#list();
    const listing = this.#resourceVersion === undefined;
    const stream = await this.#transport.stream(this.#path(listing), this.#signal);
    if (stream.status !== 200) return this.#refused(stream, listing);
    if (listing) this.#objects.beginListing();
    else this.#rose();
    return this.#read(stream);
  }

  async #list(): Promise<void> {
    const { items, resourceVersion } = await listAll(
      this.#transport,
      this.#type,
      this.#selection,
      this.#signal,
    );
    this.#objects.beginListing();
    for (const item of items) this.#objects.upsert(item);
    this.#resourceVersion = resourceVersion;
    this.#objects.endListing();
  }

  #path(listing: boolean): string {
    const from = listing
      ? { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" }
      : { resourceVersion: this.#resourceVersion };
    const parameters = { watch: "true", allowWatchBookmarks: "true", ...selectors(this.#selection), ...from };
    return `${collectionPath(this.#type, this.#selection.namespace)}${query(parameters)}`;
  }

  async #refused(stream: RawStream, listing: boolean): Promise<"start-anew"> {
    const error = errorOf({ ...stream, body: await stream.body.text() }, this.#subject);
    if (mustList(error)) {
      this.#resourceVersion = undefined;
      return "start-anew";
    }
    // 400 and 422 are how servers say that they do not know `sendInitialEvents`
    if (listing && !this.#listsBeforeWatch && (error.status === 400 || error.status === 422)) {
      this.#listsBeforeWatch = true;
      return "start-anew";
    }
    throw error;
  }

  async #read(stream: RawStream): Promise<"ended" | "start-anew"> {
    const { requestMs, watchIdleMs } = this.#transport.timing;
    let isLate = false;
    const list = new ListDeadline(requestMs, watchIdleMs, () => {
      isLate = true;
      stream.body.destroy();
    });
    if (this.#resourceVersion !== undefined) list.end();
    try {
      for await (const line of jsonLines(untilBroken(stream.body, () => list.heard()))) {
        if (this.#signal.aborted) return "ended";
        if (this.#take(readWatchEvent(line)) === "start-anew") return "start-anew";
        if (this.#resourceVersion !== undefined) list.end();
      }
    } finally {
      list.end();
      stream.body.destroy();
    }
    if (isLate) throw this.#untold("does not tell what is there");
    return "ended";
  }

  #take(event: WatchEvent): "start-anew" | undefined {
    if (event.type === "error") {
      const error = eventError(event.status, this.#subject.object, this.#subject.secret);
      if (!mustList(error)) throw error;
      this.#resourceVersion = undefined;
      return "start-anew";
    }
    if (event.type === "upsert") this.#objects.upsert(event.object);
    if (event.type === "gone") this.#objects.remove(event.object, event.resourceVersion);
    if (event.type === "bookmark" && event.initialEventsEnd) {
      this.#resourceVersion = event.resourceVersion;
      this.#rose();
      this.#objects.endListing();
    }
    // Before the end of the initial events there is nowhere to go on from
    if (this.#resourceVersion !== undefined) this.#resourceVersion = event.resourceVersion;
    return undefined;
  }

  #fell(error: unknown): void {
    const problem =
      error instanceof EngineError
        ? error
        : new EngineError("watch-failed", `the watch of ${this.#subject.object} failed`, { cause: error });
    const reason = `${problem.code} ${problem.message}`;
    if (reason === this.#down) return;
    this.#down = reason;
    this.#handlers.onDown(problem);
  }

  #untold(how: string): EngineError {
    return new EngineError("cluster-unreachable", `the watch of ${this.#subject.object} ${how}`, {
      retryable: true,
      hint: "look for a proxy between Strata and the API server that ends or holds back long answers",
    });
  }

  #keepsEnding(): EngineError {
    const { object } = this.#subject;
    if (this.#resourceVersion === undefined)
      return this.#untold("ends before it told what is there, again and again");
    return new EngineError(
      "stream-broken",
      `the watch of ${object} ends as soon as it began, again and again`,
      {
        retryable: true,
      },
    );
  }

  #rose(): void {
    if (this.#down === undefined) return;
    this.#down = undefined;
    this.#handlers.onUp();
  }

  /** Doubles with each failure; half of it is chance, so that watches that fell together do not rise together. */
  #backoff(): number {
    const { backoffMs, maxBackoffMs } = this.#transport.timing;
    const longest = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(this.#failures, 16));
    return longest / 2 + (Math.random() * longest) / 2;
  }
}

/**
 * The chunks of a stream until it ends, breaks or falls silent: what happened to the connection shows when it is
 * opened again.
 */
async function* untilBroken(
  chunks: AsyncIterable<Uint8Array>,
  heard: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      heard();
      yield chunk;
    }
  } catch {
    // see above
  }
}

/** The server no longer has, or does not have yet (restored from a backup), the version to go on from. */
function mustList(error: ApiError): boolean {
  if (error.status === 410 || error.reason === "Expired" || error.reason === "Gone") return true;
  return error.causes.some((cause) => cause.reason === "ResourceVersionTooLarge");
}
