import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";

const stateful = (replicas: number, image: string, serviceName = "db") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: sets }
spec:
  serviceName: ${serviceName}
  replicas: ${replicas}
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "${image}" }] }
`;

const CLAIMS = `  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

describe.each(clusterTargets())("StatefulSets on $name", ({ name, start }) => {
  let target: Target;
  const run = async (args: string, stdin?: string) => {
    const [cluster] = target.clusters;
    if (cluster === undefined) throw new Error("no cluster");
    return cluster.kubectl(args.split(" "), stdin === undefined ? {} : { stdin });
  };
  const kubectl = async (args: string, stdin?: string) => {
    const ran = await run(args, stdin);
    if (ran.code !== 0) throw new Error(`kubectl ${args} ended with ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  };
  const names = async (kind: string) => (await kubectl(`get ${kind} -n sets -o name`)).trim().split("\n");

  beforeAll(async () => {
    target = await start(1);
    await kubectl("create -f -", "apiVersion: v1\nkind: Namespace\nmetadata: { name: sets }\n");
  }, 600_000);
  afterAll(async () => {
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test("Pods are numbered; a new template reaches all of them; a smaller set loses the last", async () => {
    await kubectl("apply --server-side -f -", stateful(3, "example.com/db:1"));
    await kubectl("rollout status statefulset/db -n sets --timeout=30s");
    expect(await names("pods")).toEqual(["pod/db-0", "pod/db-1", "pod/db-2"]);
    await kubectl("apply --server-side -f -", stateful(3, "example.com/db:2"));
    await kubectl("rollout status statefulset/db -n sets --timeout=60s");
    const images = await kubectl("get pods -n sets -o jsonpath={.items[*].spec.containers[0].image}");
    expect(images).toBe("example.com/db:2 example.com/db:2 example.com/db:2");
    await kubectl("scale -n sets statefulset/db --replicas=1");
    await vi.waitFor(async () => expect(await names("pods")).toEqual(["pod/db-0"]), {
      timeout: 30_000,
      interval: 200,
    });
    await kubectl("delete -n sets statefulset/db --timeout=30s");
    await kubectl("wait -n sets --for=delete pods --all --timeout=30s");
  });

  test("what may not change is refused, with the field", async () => {
    await kubectl("apply --server-side -f -", stateful(1, "example.com/db:1"));
    const ran = await run("apply --server-side -f -", stateful(1, "example.com/db:1", "other"));
    expect(ran.stderr).toContain(
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template'",
    );
    await kubectl("delete -n sets statefulset/db --timeout=30s");
    await kubectl("wait -n sets --for=delete pods --all --timeout=30s");
  });

  test("each Pod has its claim, which stays when the set goes and changes its spec no more", async () => {
    await kubectl("apply --server-side -f -", `${stateful(1, "example.com/db:1")}${CLAIMS}`);
    await vi.waitFor(async () => expect(await names("pods,pvc")).toHaveLength(2), {
      timeout: 30_000,
      interval: 200,
    });
    expect(await names("pods,pvc")).toEqual(["pod/db-0", "persistentvolumeclaim/data-db-0"]);
    const claim = "{.spec.volumes[0].persistentVolumeClaim.claimName}";
    expect(await kubectl(`get pod db-0 -n sets -o jsonpath=${claim}`)).toBe("data-db-0");
    const ran = await run(
      'patch pvc data-db-0 -n sets --type=merge -p {"spec":{"accessModes":["ReadWriteMany"]}}',
    );
    expect(ran.stderr).toContain(
      "spec: Forbidden: spec is immutable after creation except resources.requests",
    );
    await kubectl("delete -n sets statefulset/db --timeout=30s");
    await kubectl("wait -n sets --for=delete pods --all --timeout=30s");
    expect(await names("pvc")).toEqual(["persistentvolumeclaim/data-db-0"]);
  });

  // A real cluster of the tests says that every Pod is ready, whatever its image
  if (name === "sandbox") {
    test("a Pod waits for the one before it", async () => {
      await kubectl("apply --server-side -f -", stateful(2, "example.com/does-not-exist:1"));
      const waiting = "{.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff";
      await kubectl(`wait -n sets --for=jsonpath=${waiting} pod/db-0 --timeout=20s`);
      expect(await names("pods")).toEqual(["pod/db-0"]);
    });
  }
});
