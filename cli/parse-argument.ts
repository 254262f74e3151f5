import { usageError } from "./usage-error.ts";

/** Reads `hello@1.1.0`. Throws `usage`. */
export function parseProfileVersion(text: string): { readonly profile: string; readonly version: string } {
  const at = text.indexOf("@");
  if (at < 1 || at === text.length - 1) {
    throw usageError(`"${text}" is not <profile>@<version>`, "write for example hello-universe@1.1.0");
  }
  return { profile: text.slice(0, at), version: text.slice(at + 1) };
}

/** Reads `hello` or `hello@1.1.0`. */
export function parseProfile(text: string): { readonly profile: string; readonly version?: string } {
  return text.includes("@") ? parseProfileVersion(text) : { profile: text };
}

/** Reads `web` or `web/deployment.yaml`: a layer and a file in it. */
export function parseLayer(text: string): { readonly layer: string; readonly file?: string } {
  const slash = text.indexOf("/");
  return slash === -1 ? { layer: text } : { layer: text.slice(0, slash), file: text.slice(slash + 1) };
}

/** Reads `hello/web` or `hello/web/deployment.yaml`: a profile, a layer of it and a file in that. Throws `usage`. */
export function parseProfileLayer(text: string): {
  readonly profile: string;
  readonly layer: string;
  readonly file?: string;
} {
  const [profile = "", rest = ""] = splitOnce(text, "/");
  if (profile === "" || rest === "")
    throw usageError(`"${text}" is not <profile>/<layer>[/<file>]`, "write for example hello-universe/web");
  return { profile, ...parseLayer(rest) };
}

/** Reads `web=new.yaml` or `new.yaml`: a file, and the layer that it is for. */
export function parseLayerFile(text: string): { readonly layer: string | undefined; readonly path: string } {
  const [layer, path] = splitOnce(text, "=");
  return path === undefined ? { layer: undefined, path: text } : { layer, path };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Reads the number of a revision: 1, 2, 3 … */
export function parseRevision(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw usageError(`"${text}" is not the number of a revision`, "revisions are 1, 2, 3 …");
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a span such as `90s`, `10m` or `2h`. */
export function parseDuration(text: string): number {
  const match = /^([1-9][0-9]{0,5})([smh])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  if (match === null || unit === undefined)
    throw usageError(`"${text}" is not a span of time`, "write for example 90s, 10m or 2h");
  return Number(match[1]) * unit;
}
