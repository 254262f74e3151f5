import { existsSync, readFileSync } from "node:fs";

/** The version of this Strata, as its package says. */
export function strataVersion(): string {
  const places = ["../package.json", "../../package.json"].map((path) => new URL(path, import.meta.url));
  const file = places.find((url) => existsSync(url));
  if (file === undefined) return "unknown";
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  const version =
    typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof version === "string" ? version : "unknown";
}
