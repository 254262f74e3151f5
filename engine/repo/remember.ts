import { Recent } from "./recent.ts";

/**
 * A function that remembers what it answered, by a key, as long as what was asked for lately weighs no more than `most`.
 * What failed is asked for again.
 * @param weigh what an answer weighs; left out: 1, so that `most` counts answers
 */
export function remember<Args extends readonly unknown[], Result>(
  keyOf: (...args: Args) => string,
  ask: (...args: Args) => Promise<Result>,
  most: number,
  weigh: (answer: Result) => number = () => 1,
): (...args: Args) => Promise<Result> {
  const known = new Recent<Promise<Result>>(most);
  return (...args) => {
    const key = keyOf(...args);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const answer = ask(...args);
    known.set(key, answer);
    answer.then(
      (result) => {
        const weight = weigh(result);
        if (weight !== 1 && known.get(key) === answer) known.set(key, answer, weight);
      },
      () => known.delete(key),
    );
    return answer;
  };
}
