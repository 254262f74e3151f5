import { join } from "node:path";
import { homeEnvironment, type Ran, strata, tempHome } from "./run-strata.ts";

export interface Fleet {
  readonly home: string;
  readonly repo: string;
  /** Runs `strata` in the repository; what it prints as JSON is read. */
  readonly run: (args: readonly string[], stdin?: string) => Promise<Ran>;
  readonly json: (args: readonly string[]) => Promise<unknown>;
}

/** A repository as `strata init` makes it. */
export async function makeFleet(): Promise<Fleet> {
  const home = await tempHome();
  const repo = join(home, "fleet");
  const made = await strata(["init", "fleet"], { cwd: home });
  if (made.code !== 0) throw new Error(made.stderr);
  const env = homeEnvironment(home);
  const run = (args: readonly string[], stdin?: string) =>
    strata(args, { cwd: repo, env, ...(stdin === undefined ? {} : { stdin }) });
  const json = async (args: readonly string[]): Promise<unknown> => {
    const { stdout, stderr, code } = await run([...args, "-o", "json"]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  return { home, repo, run, json };
}
