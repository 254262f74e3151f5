import type { Engine } from "../../engine/sync/engine.ts";
import { signal } from "../support/temp-git.ts";

/** Looks now and after every event of the engine, until there is something to see; no longer than a minute. */
export async function eventually<T>(engine: Engine, look: () => T | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const check = (): void => {
    const seen = look();
    if (seen !== undefined) resolve(seen);
  };
  const end = engine.events.subscribe(undefined, check);
  const deadline = signal();
  const giveUp = (): void => {
    const last = engine.events.recent().slice(-10);
    reject(new Error(`it never came to be; the last events: ${JSON.stringify(last, null, 2)}`));
  };
  deadline.addEventListener("abort", giveUp);
  try {
    check();
    return await promise;
  } finally {
    end();
    deadline.removeEventListener("abort", giveUp);
  }
}
