import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import type { Cli } from "./cli.ts";

const exec = promisify(execFile);

/** Where a story is played: real API servers, or the sandbox in the engine. */
export interface Target {
  readonly name: string;
  /** Arguments of `cluster create` that name the story's n-th cluster. */
  connection(index: number): string[];
  /** Arguments of `serve`. */
  readonly serve: string[];
  /** The stock kubectl on the story's n-th cluster. */
  kubectl(cli: Cli, index: number, cluster: string, ...args: string[]): Promise<string>;
}

const CONTEXTS = ["dev-4", "dev-5"];

export function controlPlane(): Target {
  const kubeconfig = process.env.STRATA_TEST_KUBECONFIG ?? inject("controlPlane");
  const context = (index: number) => CONTEXTS[index] ?? "";
  return {
    name: "control-plane",
    connection: (index) => ["--context", context(index)],
    serve: ["--kubeconfig", kubeconfig, ...CONTEXTS.flatMap((name) => ["--allow-context", name])],
    kubectl: async (_cli, index, _cluster, ...args) => {
      const all = ["--kubeconfig", kubeconfig, "--context", context(index), ...args];
      return (await exec(inject("kubectl"), all, { timeout: 60_000, maxBuffer: 1 << 26 })).stdout;
    },
  };
}

/** Sandboxes inside the engine, reached as a user would: by the kubeconfig that `serve` writes. */
export function sandbox(): Target {
  return {
    name: "sandbox",
    connection: () => ["--sandbox"],
    serve: [],
    kubectl: async (cli, _index, cluster, ...args) => {
      const folder = join(cli.home, "state", "strata", "kubeconfigs");
      const [file = ""] = await readdir(folder);
      const all = ["--kubeconfig", join(folder, file), "--context", cluster, ...args];
      return (await exec(inject("kubectl"), all, { timeout: 60_000, maxBuffer: 1 << 26 })).stdout;
    },
  };
}
