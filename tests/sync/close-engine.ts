import { openGit } from "../../engine/repo/git/open-git.ts";
import { connect } from "../../engine/cluster/connect.ts";
import { createRepository } from "../../engine/repo/repository.ts";
import { Engine } from "../../engine/sync/engine.ts";

/** A program that closes an engine in the middle of its first sync, and ends only if nothing of it is left. */
const [location = "", cacheDir = "", kubeconfig = "", context = ""] = process.argv.slice(2);
const signal = AbortSignal.timeout(60_000);
const repo = createRepository(await openGit(location, { environment: process.env, cacheDir, signal }));
const engine = new Engine({
  repo,
  id: "closing",
  interval: 600_000,
  log: { warn: () => undefined },
  connect: async (connection) => {
    if ("sandbox" in connection) throw new Error("the cluster is named by a context");
    return connect(connection, { kubeconfig: [kubeconfig], allowedContexts: [context] });
  },
});
const { promise: applying, resolve } = Promise.withResolvers<void>();
engine.events.subscribe(undefined, ({ type }) => {
  if (type === "layer") resolve();
});
await engine.start();
await applying;
const waiting = engine.sync(undefined, signal);
await engine.close();
const [view] = await waiting;
await repo.close();
process.stdout.write(`closed ${view?.name ?? ""}\n`);
