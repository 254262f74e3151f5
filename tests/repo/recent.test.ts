import { expect, test } from "vitest";
import { Recent } from "../../engine/repo/recent.ts";

const MINUTE = 60_000;

test("what nobody asks for goes as time passes, what is used stays", () => {
  let now = 0;
  const recent = new Recent<string>(1_000, () => now);
  recent.set("unused", "a");
  recent.set("used", "b");
  for (let minute = 1; minute <= 30; minute += 1) {
    now = minute * MINUTE;
    recent.set(`commit ${minute}`, "c");
    expect(recent.get("used")).toBe("b");
  }
  expect(recent.get("unused")).toBeUndefined();
  expect(recent.get("commit 1")).toBeUndefined();
  expect(recent.get("commit 25")).toBe("c");
});

test("nothing goes where nothing comes", () => {
  let now = 0;
  const recent = new Recent<string>(1_000, () => now);
  recent.set("only", "a");
  now = 600 * MINUTE;
  expect(recent.get("only")).toBe("a");
});
