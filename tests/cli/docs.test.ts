import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "vitest";

test("docs/cli.md is what the commands say", async () => {
  const script = new URL("../../scripts/generate-cli-docs.ts", import.meta.url).pathname;
  await promisify(execFile)(process.execPath, [script, "--check"]);
});
