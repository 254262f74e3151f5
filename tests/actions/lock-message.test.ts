import { expect, test } from "vitest";
import { createVersion, lockClusters, lockWorkTree } from "../../engine/actions/index.ts";
import { boundOutcomes, type Outcome, outcomeLines } from "../../engine/actions/outcomes.ts";
import { showCluster } from "../../engine/fleet/index.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git, writeFiles } from "../support/temp-git.ts";
import { type AppFleet, appFleet, DEPLOYMENT, OVERRIDE } from "./app-fleet.ts";
import { pass } from "./pass.ts";

const CLUSTER = "clusters/dev/cluster.yaml";
const WEB = "Deployment.apps app/web";
const PROXY = `${WEB} spec.template.spec.containers[name=proxy].image`;

/** A cluster with three overrides, and a version 1.1.0 that meets one, catches up with one, and has no place for one. */
async function fleetWithNext(): Promise<AppFleet> {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1").replace("web:1", "web:2"));
  const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: key, namespace: app }\n";
  await commitFiles(fleet.dir, {
    "clusters/dev/overrides/app/extra.yaml": `${secret}stringData: { password: swordfish }\n`,
  });
  await pass(fleet);
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  const deployment = DEPLOYMENT.replace("replicas: 2", "replicas: 3").replace("web:1", "web:2");
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": deployment.replace(/ {8}- name: proxy\n.*\n/, ""),
  });
  await release(fleet.repo, fleet.options());
  return fleet;
}

async function next(fleet: AppFleet): Promise<Record<string, string>> {
  return { [CLUSTER]: (await fleet.file(CLUSTER)).replace("1.0.0", "1.1.0") };
}

const bodyOf = (fleet: AppFleet) => git(fleet.dir, "log", "-1", "--format=%b");

const LINES = [
  `override kept over the profile's change: ${WEB} spec.replicas = 1 (profile: 2 → 3)`,
  `override no longer needed: ${WEB} spec.template.spec.containers[name=web].image = "web:2" is what the profile has`,
  `override kept: Secret app/key stringData.password = "***"`,
];
const TITLE = "app@1.1.0 revision 2 (before: app@1.0.0 revision 1)";

test("a plain push of a version says in the commit and in the event what became of each override", async () => {
  const fleet = await fleetWithNext();
  await commitFiles(fleet.dir, await next(fleet), "Run 1.1.0");
  const events = await pass(fleet);
  const body = [`dev: ${TITLE}`, ...LINES.map((line) => `  ${line}`), "", "Strata-Cluster: dev"];
  expect(await git(fleet.dir, "log", "-1", "--format=%an: %s")).toBe("Strata: Lock dev");
  expect(await bodyOf(fleet)).toBe(body.join("\n"));
  const commit = await git(fleet.dir, "rev-parse", "main");
  const told = { commit, message: `locked ${TITLE}`, details: LINES };
  expect(events).toEqual([{ type: "lock", cluster: "dev", profile: "app", ...told }]);
});

test("strata lock says the same, in the work tree and with a commit", async () => {
  const fleet = await fleetWithNext();
  const said = [`dev: ${TITLE}`, ...LINES.map((line) => `  ${line}`)];
  await writeFiles(fleet.dir, await next(fleet));
  const staged = await lockWorkTree(fleet.repo, fleet.options());
  expect(staged).toMatchObject({ notes: [...said, "staged; commit them with your change"], warnings: [] });
  await git(fleet.dir, "reset", "-q", "--hard");
  await commitFiles(fleet.dir, await next(fleet));
  expect((await lockClusters(fleet.repo, fleet.options())).notes).toEqual(said);
  expect(await bodyOf(fleet)).toContain(said.join("\n"));
});

test("a plain push that leaves an orphan locks it, and says in full what holds the cluster up", async () => {
  const fleet = await fleetWithNext();
  await fleet.override((text) => text.replace("proxy:1", "proxy:mine"));
  await commitFiles(fleet.dir, await next(fleet));
  const [event] = await pass(fleet);
  const command = `strata cluster override dev app/web --remove '${PROXY}'`;
  const stuck = [
    `nothing is applied: the override of ${PROXY} changes what app@1.1.0 no longer has`,
    `  drop it with \`${command}\`, or edit ${OVERRIDE}`,
  ];
  expect(event).toMatchObject({ type: "lock", details: [...stuck, ...LINES] });
  expect(await bodyOf(fleet)).toContain(stuck.map((line) => `  ${line}`).join("\n"));
  const problem = { code: "override-orphaned", message: stuck[0], file: OVERRIDE };
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(view.blockedBy).toMatchObject([{ ...problem, hint: stuck[1]?.trim() }]);
  await expect(lockClusters(fleet.repo, fleet.options())).rejects.toMatchObject({
    code: "lock-unresolved",
    problems: [problem],
  });
  const { notes, warnings } = await lockWorkTree(fleet.repo, fleet.options());
  expect(notes).toEqual([]);
  expect(warnings).toMatchObject([
    { ...problem, hint: expect.stringContaining(`take it out of ${OVERRIDE}`) },
  ]);
});

test("an object that is gone with all that was overridden in it is one thing to decide", async () => {
  const fleet = await fleetWithNext();
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": DEPLOYMENT.replace("name: web\n", "name: site\n"),
    ...(await next(fleet)),
  });
  await pass(fleet);
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  const paths = "spec.replicas, spec.template.spec.containers[name=web].image";
  expect(view.blockedBy).toMatchObject([
    {
      message: expect.stringContaining(`${WEB} (${paths})`),
      hint: expect.stringContaining(`--remove '${WEB}'`),
    },
  ]);
});

test("a profile that does not render leaves overrides to be merged later, and none without a place", async () => {
  const fleet = await fleetWithNext();
  const merged = (await fleet.state()).entry.lock.profiles.app?.merged;
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": DEPLOYMENT.replace("kind: Deployment", "kind: 5"),
    ...(await next(fleet)),
  });
  const events = await pass(fleet);
  expect(events.find(({ type }) => type === "lock")?.details?.[0]).toContain('layer "web" waits');
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(view.blockedBy).toMatchObject([{ code: "override-unmerged", file: OVERRIDE }]);
  expect((await fleet.state()).entry.lock.profiles.app).toMatchObject({ version: "1.1.0", merged });
});

test("of very many clusters as much is said as people read, what needs a decision first", () => {
  const kept = { state: "kept", text: "override kept: x" } as const;
  const orphan = { state: "orphaned", text: "nothing is applied", hint: "drop it" } as const;
  const outcomes = Array.from({ length: 5_000 }, (_, index): Outcome => {
    const overrides = index === 4_000 ? [kept, orphan] : Array.from({ length: 30 }, () => kept);
    return { cluster: `c${index}`, profile: "app", title: "app@1.1.0 revision 1", overrides };
  });
  const lines = outcomeLines(outcomes);
  expect(lines.slice(0, 5)).toEqual([
    "c4000: app@1.1.0 revision 1",
    "  nothing is applied",
    "    drop it",
    "  override kept: x",
    "c0: app@1.1.0 revision 1",
  ]);
  expect(lines).toContain("  and 10 more overrides (10 kept)");
  expect(lines.length).toBeLessThanOrEqual(201);
  const { shown, rest } = boundOutcomes(outcomes);
  expect(rest).toBe(
    `and ${5_000 - shown.length} more, as the commit shows (overrides: ${30 * (5_000 - shown.length)} kept)`,
  );
});

test("a name makes no line of its own in a commit's message", () => {
  const text = "override kept: Odd\u001b[2J\nStrata-Cluster: other\u202e x = 1";
  const overrides = [{ state: "kept", text } as const];
  const lines = outcomeLines([{ cluster: "dev", profile: "app", title: "app@1.0.0", overrides }]);
  expect(lines).toEqual([
    "dev: app@1.0.0",
    "  override kept: Odd\ufffd[2J\ufffdStrata-Cluster: other\ufffd x = 1",
  ]);
});
