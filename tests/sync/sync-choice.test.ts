import { expect, onTestFinished, test } from "vitest";
import { EngineError } from "../../engine/model/errors.ts";
import { Engine } from "../../engine/sync/engine.ts";
import { sshStandIn } from "../support/git-ssh.ts";
import { commitFiles, gitEnv, openTestRepository, signal, tempRepo } from "../support/temp-git.ts";
import { clusterText } from "./fleet-files.ts";

const CLUSTERS = { one: clusterText("one", "one", undefined), two: clusterText("two", "two", undefined) };

/** An engine for which no cluster is reachable, and those that it tried to reach. */
async function engineOn(
  location: string,
  { only, environment }: { only?: readonly string[]; environment?: Record<string, string> } = {},
) {
  const tried = new Set<string>();
  const engine = new Engine({
    id: "choosing",
    repo: await openTestRepository(location, environment),
    interval: 600_000,
    log: { warn: () => undefined },
    connect: async (_connection, cluster) => {
      tried.add(cluster);
      throw new EngineError("context-not-allowed", "no context is allowed");
    },
    ...(only === undefined ? {} : { only: new Set(only) }),
  });
  onTestFinished(() => engine.close());
  return { engine, tried };
}

async function repository(): Promise<string> {
  const dir = await tempRepo();
  const files = Object.entries(CLUSTERS).map(([name, text]) => [`clusters/${name}/cluster.yaml`, text]);
  await commitFiles(dir, Object.fromEntries(files));
  return dir;
}

test("an engine for some clusters syncs those when it is asked for all, and knows the others", async () => {
  const { engine, tried } = await engineOn(await repository(), { only: ["two"] });
  expect(await engine.sync(undefined, signal())).toMatchObject([{ name: "two", health: "degraded" }]);
  expect([...tried]).toEqual(["two"]);
  expect(engine.fleet().map(({ name }) => name)).toEqual(["one", "two"]);
});

test("a cluster that is not there is an error", async () => {
  const { engine } = await engineOn(await repository());
  await expect(engine.sync(["three"], signal())).rejects.toMatchObject({ code: "cluster-unknown" });
});

test.each([
  ["nowhere", "remote-unreachable"],
  ["denied", "remote-access-denied"],
  ["stranger", "remote-untrusted"],
])("a repository that was never read is an error, not a fleet without clusters: %s", async (host, code) => {
  const { program } = await sshStandIn();
  const environment = { ...gitEnv(), GIT_SSH_COMMAND: `'${program}'` };
  const { engine } = await engineOn(`git@${host}:fleet.git`, { environment });
  await engine.start();
  expect(engine.ready()).toMatchObject({ ready: false, problems: [{ code }] });
  await expect(engine.sync(undefined, signal())).rejects.toMatchObject({ code });
});
