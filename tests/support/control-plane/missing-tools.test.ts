import { expect, test } from "vitest";
import { isUsableGo } from "./missing-tools.ts";

test.each([
  ["go1.26.8", "local", true],
  ["go1.27rc1", "auto", true],
  ["go1.24.1", "auto", true],
  ["go1.21.0", "auto", true],
  ["go1.24.1", "local", false],
  ["go1.19.8", "auto", false],
  ["go1.19.8", "", false],
  ["go2.0.0", "local", true],
  ["devel", "auto", false],
])("%s with GOTOOLCHAIN=%s", (version, toolchain, usable) => {
  expect(isUsableGo(version, toolchain)).toBe(usable);
});
