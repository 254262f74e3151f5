import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { commitFiles, signal, tempRepo } from "../../support/temp-git.ts";
import { gitInput, openTestGit } from "./objects.ts";

const REFS = 1_000;
const LOOKS = 100;
/** Bytes; what Git tells at so many looks is more than twice as much. */
const LIMIT = 4_000_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of the heap that something holds. */
function held(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("who keeps the id of one ref does not keep all that Git told with it", async () => {
  const dir = await tempRepo();
  const oid = await commitFiles(dir, { file: "text" });
  const lines = Array.from({ length: REFS }, (_, n) => `create refs/tags/profiles/app/1.0.${n} ${oid}\n`);
  await gitInput(dir, ["update-ref", "--stdin"], lines.join(""));
  const opened = await openTestGit(dir);
  const kept: (string | undefined)[] = [];
  const look = async () =>
    kept.push((await opened.readRefs(undefined, signal())).get("refs/heads/main")?.oid);
  for (let n = 0; n < 5; n += 1) await look();
  const before = held();
  for (let n = 0; n < LOOKS; n += 1) await look();
  expect(held() - before).toBeLessThan(LIMIT);
  expect(new Set(kept)).toEqual(new Set([oid]));
}, 60_000);
