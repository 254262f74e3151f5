import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { BIN } from "./run-strata.ts";

/** Runs the launcher in a Node that says it is of this version. */
function launch(version: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  return promisify(execFile)(process.execPath, ["--import", pretend, BIN, "--version"]);
}

test.each(["12.22.0", "20.20.2", "24.14.9"])("Node %s is told what it lacks", async (version) => {
  await expect(launch(version)).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      new RegExp(`^error\\[node-too-old\\]: .*24\\.15.*${version}\\n {2}hint: .*nodejs\\.org`),
    ),
  });
});

test.each(["24.15.0", "26.0.0"])("Node %s will do", async (version) => {
  expect((await launch(version)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
