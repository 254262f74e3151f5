import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { kubectlOn } from "./kubectl-on.ts";

const OBJECTS = `apiVersion: v1
kind: Namespace
metadata: { name: tables }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: tables }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: main, image: "example.com/web:1" }] } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: tables }
spec:
  selector: { matchLabels: { app: agent } }
  template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: a, image: "example.com/a:1" }] } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: tables }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "example.com/a:1" }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: tables }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: tables }
spec:
  rules:
    - host: a.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: Secret
metadata: { name: s, namespace: tables }
data: { a: Yg== }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: rb, namespace: tables }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: r }
subjects: [{ kind: ServiceAccount, name: sa, namespace: tables }]
`;

// Heading and row of `kubectl get <kind> <name> -o wide`; what differs from cluster to cluster is a pattern.
const ROWS: readonly (readonly [object: string, heading: string, row: RegExp])[] = [
  ["namespace tables", "NAME STATUS AGE", /^tables Active \S+$/],
  [
    "deployment web",
    "NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR",
    /^web 2\/2 2 2 \d+s main example.com\/web:1 app=web$/,
  ],
  [
    "replicaset -l app=web",
    "NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR",
    /^web-(\w+) 2 2 2 \d+s main example.com\/web:1 app=web,pod-template-hash=\1$/,
  ],
  [
    "pods -l app=agent",
    "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES",
    /^agent-\w+ 1\/1 Running 0 \d+s 10\.\S+ \S+ <none> <none>$/,
  ],
  [
    "pods -l job-name=once",
    "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES",
    /^once-\w+ 0\/1 Completed 0 \d+s 10\.\S+ \S+ <none> <none>$/,
  ],
  [
    "daemonset agent",
    "NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE SELECTOR AGE CONTAINERS IMAGES SELECTOR",
    /^agent 1 1 1 1 1 <none> \d+s a example.com\/a:1 app=agent$/,
  ],
  [
    "job once",
    "NAME STATUS COMPLETIONS DURATION AGE CONTAINERS IMAGES SELECTOR",
    /^once Complete 1\/1 \d+s \d+s a example.com\/a:1 batch.kubernetes.io\/controller-uid=[-0-9a-f]{36}$/,
  ],
  [
    "service web",
    "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE SELECTOR",
    /^web ClusterIP 10\.\S+ <none> 80\/TCP \d+s app=web$/,
  ],
  ["ingress web", "NAME CLASS HOSTS ADDRESS PORTS AGE", /^web <none> a.example.com 80 \d+s$/],
  ["secret s", "NAME TYPE DATA AGE", /^s Opaque 1 \d+s$/],
  ["rolebinding rb", "NAME ROLE AGE USERS GROUPS SERVICEACCOUNTS", /^rb Role\/r \d+s tables\/sa$/],
];

describe.each(clusterTargets())("kubectl get -o wide on $name", ({ start }) => {
  let target: Target;
  let kubectl: (line: string, stdin?: string) => Promise<string>;

  beforeAll(async () => {
    target = await start(1);
    kubectl = kubectlOn(target);
    await kubectl("apply --server-side --validate=strict -f -", OBJECTS);
    await kubectl("rollout status -n tables deployment/web --timeout=60s");
    await kubectl("rollout status -n tables daemonset/agent --timeout=60s");
    await kubectl("wait -n tables --for=condition=Complete job/once --timeout=60s");
  }, 600_000);
  afterAll(async () => {
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test.each(ROWS)("%s", async (object, heading, row) => {
    const [head = "", first = ""] = (await kubectl(`get ${object} -n tables -o wide`)).split("\n");
    const words = (line: string) => line.replaceAll(/ +/g, " ").trim();
    expect(words(head)).toBe(heading);
    expect(words(first)).toMatch(row);
  });

  test("rows are sorted by what the objects hold", async () => {
    const names = await kubectl("get pods -n tables --sort-by=.spec.containers[0].image --no-headers");
    const order = names
      .trim()
      .split("\n")
      .map((line) => line.split("-")[0]);
    expect(order.slice(-2)).toEqual(["web", "web"]);
  });
});
