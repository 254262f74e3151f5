import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Where a code is written: made into an error or a problem, or set as the code of one. */
const WRITTEN =
  /(?:Error|Fault|keep|#condition|refuse\w*)\(\s*"([a-z]+(?:-[a-z0-9]+)*)"|\bcode: "([a-z]+(?:-[a-z0-9]+)*)"/g;

/** Every code of an error or a problem that the engine, the API, the server and the CLI have in their sources. */
export function errorCodes(): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const file of globSync("{engine,api,server,cli}/**/*.ts", { cwd: ROOT })) {
    for (const [, made, set] of readFileSync(join(ROOT, file), "utf8").matchAll(WRITTEN))
      codes.add(made ?? set ?? "");
  }
  return codes;
}

/** Whether a code is one of those, or what an API server's status becomes. */
export function isKnownCode(code: string, codes: ReadonlySet<string>): boolean {
  return codes.has(code) || /^api-[45]\d\d$/.test(code);
}
