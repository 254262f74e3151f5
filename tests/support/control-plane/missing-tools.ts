import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { findPrograms, needsBuild, PROGRAMS } from "./find-programs.ts";
import { GO_VERSION } from "./versions.ts";

const exec = promisify(execFile);
/** The oldest Go that fetches the Go which a module asks for. */
const FETCHES_GO = 21;

/** What this machine lacks to run a control plane, and how to get it, one line each; empty where nothing is missing. */
export async function missingTools(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const found = await findPrograms(environment);
  const missing = await missingKubectl(environment);
  return needsBuild(found) ? [...missing, ...(await missingGo(environment))] : missing;
}

/** The same for kubectl alone. */
export async function missingKubectl(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const found = await findPrograms(environment);
  return found.has("kubectl") ? [] : missingPlatform();
}

function missingPlatform(): string[] {
  if (process.platform === "linux" && process.arch === "x64") return [];
  return [
    `kubectl is missing, and the one that npm brings is for linux-x64, not ${process.platform}-${process.arch}:`,
    "  set KUBEBUILDER_ASSETS to a folder that has kubectl.",
  ];
}

async function missingGo(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const remedy = [
    `  install Go ${GO_VERSION} or newer (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder that has`,
    `  ${PROGRAMS.slice(0, -1).join(", ")}.`,
  ];
  let answer: string;
  try {
    // Outside of every Go module, where Go says its own version and fetches no other
    const options = { cwd: tmpdir(), env: environment, timeout: 30_000 };
    answer = (await exec("go", ["env", "GOVERSION", "GOTOOLCHAIN"], options)).stdout;
  } catch (error) {
    return [`Go is missing, which builds kube-apiserver (${reason(error)}):`, ...remedy];
  }
  const [version = "", toolchain = ""] = answer.split("\n");
  return isUsableGo(version, toolchain)
    ? []
    : [`Go ${GO_VERSION} is missing, which builds kube-apiserver; here is ${version}:`, ...remedy];
}

/** Whether a Go of this version (`go1.26.8`), with this GOTOOLCHAIN setting, builds the modules. */
export function isUsableGo(version: string, toolchain: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  const [, needed] = GO_VERSION.split(".");
  if (major !== "1") return Number(major) > 1;
  return Number(minor) >= Number(needed) || (Number(minor) >= FETCHES_GO && toolchain !== "local");
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "no `go` on PATH" : error.message.trim();
}
