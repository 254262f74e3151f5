import { Recent } from "./recent.ts";

/**
 * A function that remembers what it answered, by a key: for up to `most` keys that were asked for lately. What failed
 * is asked for again.
 */
export function remember<Args extends readonly unknown[], Result>(
  keyOf: (...args: Args) => string,
  ask: (...args: Args) => Promise<Result>,
  most: number,
): (...args: Args) => Promise<Result> {
  const known = new Recent<Promise<Result>>(most);
  return (...args) => {
    const key = keyOf(...args);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const answer = ask(...args);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  };
}
