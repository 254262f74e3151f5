import { homedir } from "node:os";
import { join } from "node:path";
import type { CliIo } from "./io.ts";

/** Where Strata keeps what can be lost: copies of remotes, caches (https://specifications.freedesktop.org/basedir-spec). */
export function cacheFolder(io: CliIo): string {
  return join(base(io, "XDG_CACHE_HOME", ".cache"), "strata");
}

/** Where running engines are written down. */
export function stateFolder(io: CliIo): string {
  return join(base(io, "XDG_STATE_HOME", join(".local", "state")), "strata");
}

function base(io: CliIo, variable: string, fallback: string): string {
  const named = io.env[variable];
  // The specification says to ignore relative paths.
  if (named?.startsWith("/") === true) return named;
  return join(io.env.HOME ?? homedir(), fallback);
}
