import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { createCluster } from "../../engine/actions/index.ts";
import { release } from "../../engine/repo/release.ts";
import { type SshStandIn, sshStandIn } from "../support/git-ssh.ts";
import { git, gitEnv, openTestRepository, signal, tempBare, tempDir } from "../support/temp-git.ts";
import { freshRepository, V1 } from "./fixture.ts";

const CLUSTER = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] } as const;

async function published(): Promise<string> {
  const { dir } = await freshRepository();
  const bare = await tempBare();
  await git(dir, "push", "-q", bare, "main", "--tags");
  return bare;
}

/** The environment of a user who named the program ssh in it. */
function sshEnv(ssh: SshStandIn): Record<string, string> {
  return { ...gitEnv(), GIT_SSH_COMMAND: `'${ssh.program}'` };
}

test.each(["ssh://git@forge:2222", "git@forge:"])(
  "a remote at %s is fetched and pushed to",
  async (prefix) => {
    const bare = await published();
    const ssh = await sshStandIn();
    const repo = await openTestRepository(`${prefix}${bare}`, sshEnv(ssh));
    const { commit } = await createCluster(repo, CLUSTER, { signal: signal() });
    expect(await git(bare, "rev-parse", "main")).toBe(commit);
    const commands = (await ssh.calls()).map(({ host, command }) => `${host} ${command}`);
    expect(commands).toContain(`git@forge git-upload-pack '${bare}'`);
    expect(commands).toContain(`git@forge git-receive-pack '${bare}'`);
  },
);

test("what users set for SSH reaches it: the environment's program and agent, and the configuration's program", async () => {
  const bare = await published();
  const [ssh, other] = [await sshStandIn(), await sshStandIn()];
  const clone = join(await tempDir(), "clone");
  await git(bare, "clone", "-q", bare, clone);
  await git(clone, "remote", "set-url", "origin", `git@forge:${bare}`);
  await git(clone, "config", "core.sshCommand", `MARK=configured '${ssh.program}'`);
  const agent = { ...gitEnv(), SSH_AUTH_SOCK: "/run/agent" };
  await (await openTestRepository(clone, agent)).load(signal());
  expect(await ssh.calls()).toMatchObject([{ host: "git@forge", agent: "/run/agent", mark: "configured" }]);
  const environment = { ...agent, GIT_SSH_COMMAND: `'${other.program}'` };
  await (await openTestRepository(clone, environment)).load(signal());
  const found = { ...agent, PATH: `${dirname(other.program)}:${gitEnv().PATH}` };
  await git(clone, "config", "--unset", "core.sshCommand");
  await (await openTestRepository(clone, found)).load(signal());
  expect(await other.calls()).toMatchObject([{ agent: "/run/agent", mark: "" }, { agent: "/run/agent" }]);
  expect(await ssh.calls()).toHaveLength(1);
});

test.each([
  ["nowhere", "remote-unreachable", /Could not resolve hostname nowhere/, /network/],
  ["off", "remote-unreachable", /port 4013: Connection refused/, /network/],
  ["denied", "remote-access-denied", /Permission denied \(publickey\)/, /agent/],
  ["private", "remote-access-denied", /Repository not found/, /SSH key/],
  ["stranger", "remote-untrusted", /No ED25519 host key is known for stranger/, /fingerprint/],
])("%s: %s", async (host, code, message, hint) => {
  const repo = await openTestRepository(`git@${host}:fleet.git`, sshEnv(await sshStandIn()));
  const failed = createCluster(repo, CLUSTER, { signal: signal() });
  await expect(failed).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("Please make sure") });
});

test("a key that may only read stops a push, and not the reading", async () => {
  const { dir } = await freshRepository();
  const bare = await tempBare();
  await git(dir, "push", "-q", bare, "main");
  const repo = await openTestRepository(`git@readonly:${bare}`, sshEnv(await sshStandIn()));
  expect((await repo.load(signal())).snapshot.profiles.has("hello-universe")).toBe(true);
  await expect(release(repo, { signal: signal() })).rejects.toMatchObject({
    code: "push-refused",
    message: expect.stringContaining("marked as read only"),
    hint: expect.stringContaining("read-only key"),
  });
});

/** The session of a process: with it, the terminal that its programs could ask on. */
async function sessionOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3];
}

test("ssh has no terminal to ask on; who gives up on a host that says nothing leaves no ssh behind", async () => {
  const ssh = await sshStandIn();
  const repo = await openTestRepository("git@silent:fleet.git", sshEnv(ssh));
  const patience = new AbortController();
  const loading = repo.load(patience.signal);
  const pid = await vi.waitUntil(() => ssh.pid(), { timeout: 30_000 });
  expect(await sessionOf(pid)).toMatch(/^\d+$/);
  expect(await sessionOf(pid)).not.toBe(await sessionOf(process.pid));
  patience.abort(new Error("enough"));
  await expect(loading).rejects.toThrow("enough");
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 30_000 });
});
