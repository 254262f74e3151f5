import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { basename, join } from "node:path";
import { Engine } from "../../engine/sync/engine.ts";
import { claimEngineFile, engineFile, type EngineRecord } from "../../server/engine-file.ts";
import { startServer } from "../../server/start-server.ts";
import type { CommandContext } from "../context.ts";
import { cacheFolder, stateFolder } from "../folders.ts";
import { repositoryIdentities } from "../open-repository.ts";
import { renderFields } from "../output/fields.ts";
import { parseDuration } from "../parse-argument.ts";
import { usageError } from "../usage-error.ts";
import { strataVersion } from "../version.ts";
import { clusterConnector } from "./connect-cluster.ts";
import { engineId } from "./engine-id.ts";
import type { EngineFlags } from "./engine-options.ts";
import { createLog } from "./create-log.ts";
import { createSandboxes } from "./sandboxes.ts";

export interface ServeFlags extends EngineFlags {
  readonly listen: string;
  readonly interval: string;
  readonly logFormat: "text" | "json";
}

/**
 * Runs an engine and its HTTP API until the context's signal is aborted, then stops both.
 * Throws `engine-running`, `listen-failed`, and what opening the repository throws.
 */
export async function serve(context: CommandContext, flags: ServeFlags): Promise<void> {
  const { io, signal } = context;
  const listen = parseListen(flags.listen);
  const interval = parseDuration(flags.interval);
  const repo = await context.repository();
  const [repository = context.location] = await repositoryIdentities(io, repo, context.location);
  const log = createLog(io, flags.logFormat);
  const key = basename(engineFile(stateFolder(io), repository), ".json");
  const kubeconfig = join(stateFolder(io), "kubeconfigs", `${key}.json`);
  const sandboxes = createSandboxes(repo, join(cacheFolder(io), "sandboxes", key), kubeconfig);
  context.defer(() => sandboxes.close());
  const connect = clusterConnector(io, flags, sandboxes.connect);
  const id = await engineId(io, repo, context.location);
  const engine = new Engine({ repo, id, connect, log, interval, takeOver: new Set(flags.takeOver) });
  context.defer(() => engine.close());
  const token = randomBytes(32).toString("base64url");
  const server = await startServer({ engine, ...listen, token, version: strataVersion(), log });
  context.defer(() => server.stop());
  const record = { repository, address: server.address, token, pid: process.pid };
  context.defer(await claimEngineFile(stateFolder(io), record));
  const watches =
    repo.git.remote === undefined ? "every push and commit" : `the remote, every ${flags.interval}`;
  announce(context, record, watches, kubeconfig);
  // A repository that cannot be read yet is a condition of the running engine, not its end.
  await engine.start();
  if (!signal.aborted) await once(signal, "abort");
  log.info({ pid: process.pid }, "stopping");
}

/** Says where the engine is and what it watches. The token is not printed: its file is. */
function announce(context: CommandContext, record: EngineRecord, watches: string, kubeconfig: string): void {
  const { io, printer } = context;
  const file = engineFile(stateFolder(io), record.repository);
  const { repository, address, pid } = record;
  printer.data({ repository, address, pid, file, kubeconfig }, () =>
    renderFields(printer.style, [
      ["Repository", repository],
      ["Watches", watches],
      ["API", address],
      ["Token in", file],
      ["Sandboxes", `kubectl --kubeconfig ${kubeconfig} --context <cluster>`],
      ["Stop with", `Ctrl-C, or kill ${pid}`],
    ]),
  );
}

function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65_535)
    throw usageError(`"${text}" is not <address>:<port>`, "write for example 127.0.0.1:8080");
  return { host, port };
}
