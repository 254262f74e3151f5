import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { CliIo } from "../io.ts";

/** The kubeconfig files in kubectl's order: the flag, $KUBECONFIG, ~/.kube/config. Named by the environment, missing ones do not count. */
export function kubeconfigPaths(io: CliIo, flag: string | undefined): string[] {
  if (flag !== undefined) return [resolve(io.cwd, flag)];
  const named = (io.env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const paths = named.length > 0 ? named : [join(io.env.HOME ?? homedir(), ".kube", "config")];
  return paths.map((path) => resolve(io.cwd, path)).filter((path) => existsSync(path));
}
