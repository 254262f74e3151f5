/**
 * A function that remembers what it answered, by a key: the `most` keys asked for last. What failed is asked for again.
 */
export function remember<Args extends readonly unknown[], Result>(
  keyOf: (...args: Args) => string,
  ask: (...args: Args) => Promise<Result>,
  most: number,
): (...args: Args) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return (...args) => {
    const key = keyOf(...args);
    const answer = known.get(key) ?? ask(...args);
    known.delete(key);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return answer;
  };
}
