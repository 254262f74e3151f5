import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import type { KubeConfig, User } from "@kubernetes/client-node";
import { EngineError } from "../model/errors.ts";
import { isJsonObject } from "../model/kube-object.ts";

/**
 * The kubeconfig files as kubectl merges them: for each name the first file that has it wins, as does the first
 * `current-context`.
 * @param paths kubeconfig files, in order
 * @throws EngineError `kubeconfig-unreadable`
 */
export async function loadKubeconfig(paths: readonly string[]): Promise<KubeConfig> {
  const files = await Promise.all(paths.map(loadFile));
  const { KubeConfig } = await import("@kubernetes/client-node");
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: firstOfEachName(files.flatMap((file) => file.clusters)),
    users: firstOfEachName(files.flatMap((file) => file.users)),
    contexts: firstOfEachName(files.flatMap((file) => file.contexts)),
    currentContext: files.find((file) => file.currentContext)?.currentContext,
  });
  return merged;
}

function firstOfEachName<T extends { name: string }>(entries: readonly T[]): T[] {
  return entries.filter((entry, index) => entries.findIndex((other) => other.name === entry.name) === index);
}

async function loadFile(path: string): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  try {
    const text = await readFile(path, "utf8");
    const config = new KubeConfig();
    config.loadFromString(text);
    const directory = dirname(resolve(path));
    config.makePathsAbsolute(directory);
    config.users = await withTokenFiles(config.users, text, directory);
    return config;
  } catch (error) {
    throw new EngineError(
      "kubeconfig-unreadable",
      `the kubeconfig ${path} cannot be read: ${reasonOf(error)}`,
      {
        hint: "check the path (KUBECONFIG, --kubeconfig) and the file",
      },
    );
  }
}

/** What is wrong, without the lines of the file that js-yaml quotes: they may hold a token. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("mark" in error && "reason" in error) {
    const line = isJsonObject(error.mark) && typeof error.mark.line === "number" ? error.mark.line + 1 : "?";
    return `${String(error.reason)} (line ${line})`;
  }
  return error.message;
}

/** client-node does not know the field `tokenFile` of a user (client-go's name for it). */
async function withTokenFiles(users: readonly User[], text: string, directory: string): Promise<User[]> {
  if (!text.includes("tokenFile")) return [...users];
  const { load } = await import("js-yaml");
  const document: unknown = load(text);
  const entries: unknown = isJsonObject(document) ? document.users : undefined;
  const files = new Map<unknown, string>();
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (!isJsonObject(entry) || !isJsonObject(entry.user)) continue;
    const file = entry.user.tokenFile;
    if (typeof file === "string") files.set(entry.name, isAbsolute(file) ? file : resolve(directory, file));
  }
  return users.map((user) => {
    const tokenFile = files.get(user.name);
    return tokenFile === undefined
      ? user
      : { name: user.name, authProvider: { name: "tokenFile", config: { tokenFile } } };
  });
}
