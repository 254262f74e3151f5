import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { kubectlOn } from "./kubectl-on.ts";

const deployment = (name: string, image: string, more = "") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: rollouts }
spec:
  replicas: 2
  ${more}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "${image}" }] }
`;

describe.each(clusterTargets())("rollouts on $name", ({ start, name: kind }) => {
  let target: Target;
  let kubectl: (line: string, stdin?: string) => Promise<string>;
  const settled = (name: string) => kubectl(`rollout status -n rollouts deployment/${name} --timeout=60s`);

  beforeAll(async () => {
    target = await start(1);
    kubectl = kubectlOn(target);
    await kubectl("create namespace rollouts");
  }, 600_000);
  afterAll(async () => {
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test("history numbers the templates, and undo goes back to the one before", async () => {
    await kubectl("apply --server-side -f -", deployment("web", "example.com/web:1"));
    await settled("web");
    await kubectl("set image -n rollouts deployment/web main=example.com/web:2");
    await settled("web");
    expect(await kubectl("rollout history -n rollouts deployment/web")).toMatch(/\n1 .*\n2 /);
    await kubectl("rollout undo -n rollouts deployment/web");
    await settled("web");
    expect(await kubectl("get deployment web -n rollouts -o jsonpath={..image}")).toBe("example.com/web:1");
    expect(await kubectl("rollout history -n rollouts deployment/web")).toMatch(/\n2 .*\n3 /);
    const revision = "{.metadata.annotations.deployment\\.kubernetes\\.io/revision}";
    expect(await kubectl(`get deployment web -n rollouts -o jsonpath=${revision}`)).toBe("3");
  });

  test("a Deployment's generation counts its annotations, and not the revision that its controller notes", async () => {
    const generation = () => kubectl("get deployment noted -n rollouts -o jsonpath={.metadata.generation}");
    await kubectl("apply --server-side -f -", deployment("noted", "example.com/noted:1"));
    await settled("noted");
    expect(await generation()).toBe("1");
    await kubectl("annotate -n rollouts deployment/noted note=1");
    expect(await generation()).toBe("2");
    await kubectl("label -n rollouts deployment/noted note=1");
    expect(await generation()).toBe("2");
  });

  test("Recreate never has Pods of two templates", async () => {
    const strategy = "strategy: { type: Recreate }";
    await kubectl("apply --server-side -f -", deployment("one", "example.com/one:1", strategy));
    await settled("one");
    await kubectl("apply --server-side -f -", deployment("one", "example.com/one:2", strategy));
    await settled("one");
    const images = await kubectl("get pods -n rollouts -l app=one -o jsonpath={..spec.containers[0].image}");
    expect(images).toBe("example.com/one:2 example.com/one:2");
  });

  // kwok runs Pods of every image
  if (kind === "sandbox") {
    test("an image that cannot be pulled leaves the old Pods, is late, and is put right", async () => {
      await kubectl("apply --server-side -f -", deployment("late", "example.com/late:1"));
      await settled("late");
      const soon = "progressDeadlineSeconds: 1";
      await kubectl("apply --server-side -f -", deployment("late", "example.com/broken:1", soon));
      const reason = '--for=jsonpath={.status.conditions[?(@.type=="Progressing")].reason}';
      await kubectl(`wait -n rollouts deployment/late ${reason}=ProgressDeadlineExceeded --timeout=30s`);
      expect(await kubectl("get deployment late -n rollouts --no-headers")).toMatch(/^late +2\/2 +2 +2 /);
      expect(await kubectl("get pods -n rollouts -l app=late --no-headers")).toMatch(
        /0\/1 +ImagePullBackOff/,
      );
      await kubectl("apply --server-side -f -", deployment("late", "example.com/late:2"));
      await settled("late");
      expect(await kubectl("get pods -n rollouts -l app=late --no-headers")).not.toContain("ImagePull");
    });
  }
});
