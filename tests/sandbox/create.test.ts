import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { kubectlOn } from "./kubectl-on.ts";

// kubectl's `create` sends protobuf, `create -f` JSON: what comes of it is the same on both kinds of clusters.
const CASES: readonly (readonly [create: string, of: string, what: string, expected: unknown])[] = [
  ["configmap c --from-literal=a=b --from-literal=e=", "configmap c", "{.data}", { a: "b", e: "" }],
  ["secret generic s --from-literal=a=b", "secret s", "{.data}", { a: "Yg==" }],
  ["deployment zero --image=nginx --replicas=0", "deployment zero", "{.spec.replicas}", 0],
  [
    "service clusterip web --tcp=80:8080",
    "service web",
    "{.spec.ports}",
    [{ name: "80-8080", port: 80, protocol: "TCP", targetPort: 8080 }],
  ],
  [
    "service loadbalancer named --tcp=80:http",
    "service named",
    '{"\\""}{.spec.ports[0].targetPort}{"\\""}',
    "http",
  ],
  [
    "job once --image=busybox -- echo hi",
    "job once",
    "{.spec.template.spec.containers[0].command}",
    ["echo", "hi"],
  ],
  [
    "role reader --verb=get --resource=pods",
    "role reader",
    "{.rules}",
    [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  ],
  [
    "ingress i --rule=a.example.com/x=web:80",
    "ingress i",
    "{.spec.rules[0].http.paths[0].backend}",
    { service: { name: "web", port: { number: 80 } } },
  ],
  [
    "pdb half --selector=a=b --min-available=50%",
    "pdb half",
    "{.spec}",
    { minAvailable: "50%", selector: { matchLabels: { a: "b" } } },
  ],
];

describe.each(clusterTargets())("kubectl create on $name", ({ start }) => {
  let target: Target;
  let kubectl: (line: string) => Promise<string>;
  const namespace = "create";

  beforeAll(async () => {
    target = await start(1);
    kubectl = kubectlOn(target);
    await kubectl(`create namespace ${namespace}`);
  }, 600_000);
  afterAll(async () => {
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test.each(CASES)("%s", async (create, of, what, expected) => {
    await kubectl(`create -n ${namespace} ${create}`);
    expect(JSON.parse(await kubectl(`get -n ${namespace} ${of} -o jsonpath=${what}`))).toEqual(expected);
  });

  test("whoever has the token may do everything", async () => {
    expect(await kubectl("auth can-i delete namespaces")).toBe("yes\n");
  });
});
