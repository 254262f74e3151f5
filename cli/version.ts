import { readFileSync } from "node:fs";
import { packageFolder } from "./package-folder.ts";

/** The version of this Strata, as its package says. */
export function strataVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL("package.json", packageFolder()), "utf8"));
  const version =
    typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof version === "string" ? version : "unknown";
}
