import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createCluster, editLayer, overrideCluster, readClusterLayer } from "../../engine/actions/index.ts";
import { planUpdates } from "../../engine/fleet/index.ts";
import type { PlanView } from "../../engine/model/plan.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { commitFiles, git, signal } from "../support/temp-git.ts";
import { freshRepository } from "../repo/fixture.ts";

export const OVERRIDE = "clusters/dev/overrides/app/web.yaml";

const PROFILE = `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata: { name: app }
spec:
  version: 1.0.0
  layers:
    - { name: web, type: manifest }
    - { name: extra, type: manifest }
`;

export const DEPLOYMENT = `# The front end
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: app
spec:
  replicas: 2 # enough for most
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "web:1"
          env:
            - { name: A, value: "1" }
            - { name: B, value: "2" }
        - name: proxy
          image: "proxy:1"
`;

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: app }
spec:
  selector: { app: web }
  ports:
    - { name: dns, port: 53, protocol: UDP }
    - { name: dns-tcp, port: 53, protocol: TCP }
`;

const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: key, namespace: app }
stringData: { password: hunter2 }
`;

/** A repository with profile app@1.0.0 of two layers, the first of two files, and cluster dev that runs it. */
export class AppFleet {
  readonly dir: string;
  readonly repo: Repository;

  constructor(dir: string, repo: Repository) {
    this.dir = dir;
    this.repo = repo;
  }

  options() {
    return { signal: signal() };
  }

  file(path: string): Promise<string> {
    return readFile(join(this.dir, path), "utf8");
  }

  /** The layer `web` of the cluster, or one file of it, edited from the text that it has now. */
  async override(edit: (text: string) => string, file: string | null = "deployment.yaml") {
    const target = { cluster: "dev", profile: "app", layer: "web", file: file ?? undefined };
    const { text } = await readClusterLayer(this.repo, target, this.options());
    return overrideCluster(this.repo, { ...target, content: edit(text) }, this.options());
  }

  /** An edit of the profile in place. */
  async editProfile(edit: (text: string) => string, file = "deployment.yaml"): Promise<void> {
    const text = await git(this.dir, "show", `profiles/app/1.0.0:profiles/app/web/${file}`);
    const args = { profile: "app", version: "1.0.0", layer: "web", file };
    await editLayer(this.repo, { ...args, content: edit(`${text}\n`) }, this.options());
  }

  async plan(): Promise<PlanView> {
    const [plan] = await planUpdates(this.repo, { cluster: "dev" }, this.options());
    if (plan === undefined) throw new Error("no update is pending");
    return plan;
  }

  async state() {
    const state = await this.repo.load(signal());
    const entry = state.snapshot.clusters.get("dev");
    if (entry === undefined) throw new Error("there is no cluster");
    return { state, entry };
  }
}

export async function appFleet(): Promise<AppFleet> {
  const { dir, repo } = await freshRepository();
  await commitFiles(dir, {
    "profiles/app/profile.yaml": PROFILE,
    "profiles/app/web/deployment.yaml": DEPLOYMENT,
    "profiles/app/web/service.yaml": SERVICE,
    "profiles/app/extra/secret.yaml": SECRET,
  });
  const { release } = await import("../../engine/repo/release.ts");
  await release(repo, { signal: signal() });
  const profiles = [{ profile: "app", version: "1.0.0" }];
  const cluster = { name: "dev", connection: { context: "dev-1" }, profiles, tags: [] };
  await createCluster(repo, cluster, { signal: signal() });
  return new AppFleet(dir, repo);
}
