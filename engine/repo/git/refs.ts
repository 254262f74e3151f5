import { expectOutput, type GitRunner } from "./exec.ts";
import type { ObjectType, RefInfo, RefMap } from "./types.ts";

const FORMAT = "%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)";

/** All refs with what they end in. Nested tags come with their first target: the caller peels on. */
export async function readRefs(
  run: GitRunner,
  dir: string,
  prefixes: readonly string[],
  signal: AbortSignal,
): Promise<RefMap> {
  const args = ["--git-dir", dir, "for-each-ref", `--format=${FORMAT}`, ...prefixes];
  const output = await expectOutput(run, args, { signal });
  const refs = new Map<string, RefInfo>();
  for (const line of linesOf(output)) {
    const [ref, oid, type, peeled, peeledType] = line.split("\0");
    if (ref === undefined || oid === undefined || type === undefined || ref === "") continue;
    refs.set(ref, {
      oid,
      type: type as ObjectType,
      peeled: peeled === undefined || peeled === "" ? oid : peeled,
      peeledType: (peeledType === undefined || peeledType === "" ? type : peeledType) as ObjectType,
    });
  }
  return refs;
}

/** Each line as a text of its own: one id that is kept must not keep all of the output. */
function* linesOf(output: Buffer): Generator<string> {
  for (let start = 0; start < output.length; ) {
    const newline = output.indexOf(10, start);
    const end = newline === -1 ? output.length : newline;
    yield output.toString("utf8", start, end);
    start = end + 1;
  }
}
