import { git, tempRepo } from "../support/temp-git.ts";
import { fastImport, importCommit, importRelease } from "./fast-import.ts";
import { clusterFile, oneLayer, profileFiles } from "./fleet-repository.ts";
import { configMap, manifestText } from "./objects.ts";

const APP = "app";
/** Profiles beside it that nothing runs, with so many versions each: a thousand tags in all. */
const OTHERS = 20;
const VERSIONS = 25;

export interface LargeFleet {
  readonly dir: string;
  readonly clusters: number;
  /** Commits one after another on main's tip: the `cluster.yaml` of one cluster, then the profile that all have. */
  readonly touchesOne: string;
  readonly makesAllPending: string;
  /** The ref of the version that all have. */
  readonly tag: string;
}

/** A repository with so many clusters, all locked at the first revision of one profile, and 1,000 tags. */
export async function largeFleet(clusters: number): Promise<LargeFleet> {
  const dir = await tempRepo();
  await fastImport(
    dir,
    [importCommit("Profile", app("1")), importRelease(APP, "1.0.0"), ...others()].join(""),
  );
  const tree = await git(dir, "rev-parse", `main:profiles/${APP}`);
  const lock = `profiles:\n  ${APP}: { version: 1.0.0, revision: 1, tree: ${tree} }\n`;
  const names = Array.from({ length: clusters }, (_, n) => `cluster-${String(n).padStart(5, "0")}`);
  const files = names.flatMap((name) => [
    [`clusters/${name}/cluster.yaml`, clusterFile(name, "prod", [APP])],
    [`clusters/${name}/strata.lock`, lock],
  ]);
  const add = async (message: string, added: Readonly<Record<string, string>>): Promise<string> => {
    const before = await git(dir, "rev-parse", "main");
    await fastImport(dir, importCommit(message, added, before));
    return git(dir, "rev-parse", "main");
  };
  const tip = await add("Clusters", Object.fromEntries(files));
  const [first = ""] = names;
  const touchesOne = await add("One", {
    [`clusters/${first}/cluster.yaml`]: clusterFile(first, "prod-2", [APP]),
  });
  const makesAllPending = await add("All", app("2"));
  await git(dir, "update-ref", "refs/heads/main", tip);
  return { dir, clusters, touchesOne, makesAllPending, tag: `refs/tags/profiles/${APP}/1.0.0` };
}

function app(value: string): Record<string, string> {
  return profileFiles(oneLayer(APP, manifestText([configMap("default", "app", { value })])));
}

function* others(): Generator<string> {
  const names = Array.from({ length: OTHERS }, (_, n) => `other-${n}`);
  for (let minor = 0; minor < VERSIONS; minor += 1) {
    const version = `1.${minor}.0`;
    const manifest = manifestText([configMap("default", "other", { version })]);
    const contents = names.map((name) => profileFiles(oneLayer(name, manifest), version));
    yield importCommit(`Version ${version}`, Object.assign({}, ...contents));
    for (const name of names) yield importRelease(name, version);
  }
}
