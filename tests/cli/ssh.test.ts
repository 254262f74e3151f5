import { once } from "node:events";
import { dirname } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type SshStandIn, sshStandIn } from "../support/git-ssh.ts";
import { commitFiles, git, tempBare } from "../support/temp-git.ts";
import { makeFleet } from "./fleet.ts";
import { homeEnvironment, startStrata, strata } from "./run-strata.ts";

/** A repository on a host that is reached by SSH, and the environment of a user whose ssh finds it. */
async function remoteFleet() {
  const fleet = await makeFleet();
  const bare = await tempBare();
  await git(fleet.repo, "push", "-q", bare, "main", "--tags");
  const ssh = await sshStandIn();
  return { home: fleet.home, bare, clone: fleet.repo, env: environment(fleet.home, ssh) };
}

function environment(home: string, ssh: SshStandIn): Record<string, string> {
  const env = homeEnvironment(home);
  return { ...env, PATH: `${dirname(ssh.program)}:${env.PATH}` };
}

const CREATE = ["cluster", "create", "dev", "--context", "dev", "--profile", "hello-universe@1.0.0"];

test("serve fetches by SSH what a clone's commands push by SSH, and pushes the lock of what people pushed", async () => {
  const { home, bare, clone, env } = await remoteFleet();
  await git(clone, "remote", "add", "origin", `git@forge:${bare}`);
  const url = `ssh://git@forge${bare}`;
  const engine = startStrata(["serve", "--repo", url, "--interval", "1s"], { cwd: home, env });
  onTestFinished(() => void engine.kill("SIGKILL"));
  const ended = once(engine, "close");
  await once(engine.stdout, "data");
  const created = await strata(CREATE, { cwd: clone, env });
  expect(created).toMatchObject({ code: 0, stderr: "" });
  expect(await git(bare, "log", "-1", "--format=%s", "main")).toContain("Create cluster dev");
  const names = async () =>
    JSON.parse((await strata(["cluster", "list", "--repo", url, "-o", "json"], { cwd: home, env })).stdout);
  const blocked = { health: "degraded", blockedBy: [{ code: "context-not-allowed" }] };
  await expect.poll(names, { timeout: 30_000 }).toMatchObject([{ name: "dev", ...blocked }]);
  const text = await git(clone, "show", "HEAD:clusters/dev/cluster.yaml");
  const other = { "clusters/more/cluster.yaml": `${text.replaceAll(": dev", ": more")}\n` };
  const pushed = await commitFiles(clone, other, "One more");
  await git(clone, "push", "-q", bare, "main");
  const tip = () => git(bare, "log", "-1", "--format=%an: %s", "main");
  await expect.poll(tip, { timeout: 30_000 }).toBe("Strata: Lock more");
  expect(await git(bare, "rev-parse", "main^")).toBe(pushed);
  await expect
    .poll(names, { timeout: 30_000 })
    .toMatchObject([{ name: "dev" }, { name: "more", ...blocked }]);
  engine.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

test.each([
  ["nowhere", ["cluster", "list"], /error\[remote-unreachable\].*Could not resolve hostname[^]*hint: /],
  ["denied", ["sync"], /error\[remote-access-denied\].*Permission denied[^]*hint: .*SSH key/],
  ["stranger", ["cluster", "tag", "dev", "x"], /error\[remote-untrusted\].*host key[^]*hint: .*fingerprint/],
])("a host that fails (%s) is told by every command, with what to do", async (host, args, told) => {
  const { home, env } = await remoteFleet();
  const ran = await strata([...args, "--repo", `ssh://git@${host}/fleet.git`], { cwd: home, env });
  expect(ran).toMatchObject({ code: 4, stdout: "", stderr: expect.stringMatching(told) });
});
