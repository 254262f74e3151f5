import { expect, test } from "vitest";
import { remember } from "../../engine/repo/remember.ts";

/** Answers with as many letters as asked, and counts how often it was asked. */
function counted(most: number) {
  const asked: number[] = [];
  const ask = remember(
    (length: number) => String(length),
    async (length: number) => {
      asked.push(length);
      return "a".repeat(length);
    },
    most,
    (answer) => answer.length,
  );
  return { ask, asked };
}

test("answers are kept by what they weigh, those that were used lately", async () => {
  const { ask, asked } = counted(20);
  for (const length of [2, 3, 2, 3]) await ask(length);
  expect(asked).toEqual([2, 3]);
  for (const length of [9, 8, 7]) await ask(length);
  await ask(2);
  expect(asked).toEqual([2, 3, 9, 8, 7, 2]);
});

test("one that weighs more than all may stays as long as nothing else is asked for", async () => {
  const { ask, asked } = counted(10);
  for (const length of [50, 50, 50]) await ask(length);
  expect(asked).toEqual([50]);
  for (const length of [60, 50]) await ask(length);
  expect(asked).toEqual([50, 60, 50]);
});

test("what failed is asked for again", async () => {
  let times = 0;
  const ask = remember(
    () => "key",
    async () => {
      times += 1;
      throw new Error("no");
    },
    10,
  );
  for (let n = 0; n < 2; n += 1) await expect(ask()).rejects.toThrow("no");
  expect(times).toBe(2);
});
