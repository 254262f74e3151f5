import { expect, test } from "vitest";
import { workloadHealth } from "../../engine/health/health-of.ts";
import { newestPods } from "../../engine/health/newest-pods.ts";
import { podProblem } from "../../engine/health/pod-problem.ts";
import { serviceUrls } from "../../engine/health/service-urls.ts";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { condition, make, NOW, secondsAgo } from "./objects.ts";

const REVISION = "deployment.kubernetes.io/revision";

const deployment = make("apps/v1/Deployment", {
  metadata: { uid: "d", annotations: { [REVISION]: "2" } },
  status: { observedGeneration: 1 },
});

function replicaSet(revision: string, hash: string, owner = "d"): KubeObject {
  const metadata = {
    name: `web-${hash}`,
    uid: hash,
    ownerReferences: [{ uid: owner }],
    annotations: { [REVISION]: revision },
    labels: { "pod-template-hash": hash },
  };
  return make("apps/v1/ReplicaSet", { metadata });
}

function pod(
  name: string,
  labels: JsonObject,
  status: JsonObject = {},
  metadata: JsonObject = {},
): KubeObject {
  return make("v1/Pod", { metadata: { name, labels, ...metadata }, status: { phase: "Running", ...status } });
}

const waiting = (reason: string, restartCount = 0, message = ""): JsonObject => ({
  containerStatuses: [{ name: "web", restartCount, state: { waiting: { reason, message } } }],
});

const hash = (value: string): JsonObject => ({ "pod-template-hash": value });
const names = (pods: readonly KubeObject[]): string[] => pods.map(({ metadata }) => metadata.name);

test.each<[string, JsonObject, string | undefined]>([
  [
    "image cannot be pulled",
    waiting("ImagePullBackOff", 0, "no such image"),
    "web: ImagePullBackOff: no such image",
  ],
  ["image may not be pulled", waiting("ErrImageNeverPull"), "ErrImageNeverPull"],
  ["image name", waiting("InvalidImageName"), "InvalidImageName"],
  [
    "a ConfigMap is missing",
    waiting("CreateContainerConfigError", 0, 'configmap "c" not found'),
    'configmap "c" not found',
  ],
  ["third crash", waiting("CrashLoopBackOff", 3), "crashed 3 times"],
  ["second crash", waiting("CrashLoopBackOff", 2), undefined],
  ["still pulling", waiting("ContainerCreating"), undefined],
  ["first failed pull", waiting("ErrImagePull"), undefined],
  ["running", { containerStatuses: [{ name: "web", restartCount: 9, state: { running: {} } }] }, undefined],
  ["no status", {}, undefined],
])("a Pod's problem: %s", (_name, status, said) => {
  const problem = podProblem(pod("web-1", {}, status), NOW);
  if (said === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatchObject({ health: "failed", message: expect.stringContaining(said) });
});

test("init containers count, and the exit code is told", () => {
  const init = {
    name: "migrate",
    restartCount: 4,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { exitCode: 42 } },
  };
  expect(podProblem(pod("web-1", {}, { initContainerStatuses: [init] }), NOW)?.message).toBe(
    "Pod web-1: container migrate crashed 4 times, the last time with exit code 42",
  );
});

test("a Pod that is ending has no problem", () => {
  const ending = pod("web-1", {}, waiting("ImagePullBackOff"), { deletionTimestamp: secondsAgo(1) });
  expect(podProblem(ending, NOW)).toBeUndefined();
});

test("of a Deployment, only Pods of the ReplicaSet with its own revision count", () => {
  const pods = [pod("old", hash("aaa")), pod("new", hash("bbb")), pod("stranger", {})];
  const sets = [replicaSet("1", "aaa"), replicaSet("2", "bbb"), replicaSet("2", "ccc", "another")];
  expect(names(newestPods(deployment, pods, sets))).toEqual(["new"]);
});

test("rolled back: an older ReplicaSet is the newest again", () => {
  const pods = [pod("back", hash("aaa")), pod("bad", hash("bbb"))];
  const sets = [replicaSet("2", "aaa"), replicaSet("1", "bbb")];
  expect(names(newestPods(deployment, pods, sets))).toEqual(["back"]);
});

test("nothing is the newest before the controller has made it", () => {
  const changed = { ...deployment, metadata: { ...deployment.metadata, generation: 2 } };
  const pods = [pod("old", hash("aaa"))];
  expect(newestPods(changed, pods, [replicaSet("2", "aaa")])).toEqual([]);
  expect(newestPods(deployment, pods, [replicaSet("1", "aaa")])).toEqual([]);
});

test("scaled and changed at once: the ReplicaSet of the old template is not the newest", () => {
  const template = (image: string, labels: JsonObject): JsonObject => ({
    metadata: { labels: { app: "web", ...labels } },
    spec: { containers: [{ name: "web", image }] },
  });
  const changed = { ...deployment, spec: { template: template("web:2", {}) } };
  const set = (image: string): KubeObject => ({
    ...replicaSet("2", "aaa"),
    spec: { template: template(image, hash("aaa")) },
  });
  const pods = [pod("one", hash("aaa"))];
  expect(newestPods(changed, pods, [set("web:1")])).toEqual([]);
  expect(names(newestPods(changed, pods, [set("web:2")]))).toEqual(["one"]);
});

test("without ReplicaSets, the template of the youngest Pod counts", () => {
  const pods = [
    pod("old", hash("aaa"), {}, { creationTimestamp: secondsAgo(60) }),
    pod("new", hash("bbb"), {}, { creationTimestamp: secondsAgo(5) }),
    pod("new-2", hash("bbb"), {}, { creationTimestamp: secondsAgo(6) }),
  ];
  expect(names(newestPods(deployment, pods))).toEqual(["new", "new-2"]);
  expect(newestPods(deployment, [])).toEqual([]);
});

test("of a StatefulSet and a DaemonSet, Pods of the new revision and owned by it count", () => {
  const mine = { ownerReferences: [{ uid: "s" }] };
  const statefulSet = make("apps/v1/StatefulSet", {
    metadata: { uid: "s" },
    status: { updateRevision: "r2" },
  });
  const revision = (value: string): JsonObject => ({ "controller-revision-hash": value });
  const ofSet = [
    pod("old", revision("r1"), {}, mine),
    pod("new", revision("r2"), {}, mine),
    pod("stranger", revision("r2")),
  ];
  expect(names(newestPods(statefulSet, ofSet))).toEqual(["new"]);

  const annotations = { "deprecated.daemonset.template.generation": "3" };
  const daemonSet = make("apps/v1/DaemonSet", { metadata: { uid: "s", annotations } });
  const generation = (value: string): JsonObject => ({ "pod-template-generation": value });
  const onNodes = [pod("old", generation("2"), {}, mine), pod("new", generation("3"), {}, mine)];
  expect(names(newestPods(daemonSet, onNodes))).toEqual(["new"]);

  const job = make("batch/v1/Job", { metadata: { uid: "s" } });
  expect(names(newestPods(job, ofSet))).toEqual(["old", "new"]);
});

test("a rollout that cannot end is failed at once; one that is being repaired is not", () => {
  const crashing = waiting("CrashLoopBackOff", 7);
  const sets = [replicaSet("1", "aaa"), replicaSet("2", "bbb")];
  const stuck = [pod("bad", hash("bbb"), crashing), pod("old", hash("aaa"))];
  expect(workloadHealth(deployment, stuck, sets, NOW)).toMatchObject({
    health: "failed",
    message: expect.stringContaining("Pod bad"),
  });
  const repaired = [pod("bad", hash("aaa"), crashing), pod("good", hash("bbb"))];
  expect(workloadHealth(deployment, repaired, sets, NOW)).toEqual({
    health: "progressing",
    message: "0 of 1 replicas",
  });
});

test("a healthy workload is not asked about its Pods, and an unscheduled Pod is looked at again in time", () => {
  const done = make("apps/v1/StatefulSet", {
    spec: { replicas: 1 },
    status: { replicas: 1, readyReplicas: 1, currentReplicas: 1 },
  });
  const mine = { ownerReferences: [{ uid: "u" }] };
  const bad = pod("bad", { "controller-revision-hash": "" }, waiting("ImagePullBackOff"), mine);
  expect(workloadHealth(done, [bad], [], NOW)).toEqual({ health: "healthy", message: "" });

  const unscheduled = pod(
    "web-1",
    hash("bbb"),
    { phase: "Pending", conditions: [condition("PodScheduled", "False", "Unschedulable")] },
    { creationTimestamp: secondsAgo(10) },
  );
  expect(workloadHealth(deployment, [unscheduled], [replicaSet("2", "bbb")], NOW)).toEqual({
    health: "progressing",
    message: "0 of 1 replicas",
    recheckMs: 5_000,
  });
});

test.each<[string, JsonObject, JsonObject[], string[]]>([
  [
    "an address",
    { type: "LoadBalancer", ports: [{ port: 8080 }] },
    [{ ip: "203.0.113.7" }],
    ["http://203.0.113.7:8080"],
  ],
  [
    "a host name",
    { type: "LoadBalancer", ports: [{ port: 80, protocol: "TCP" }] },
    [{ hostname: "lb.example.com", ip: "" }],
    ["http://lb.example.com:80"],
  ],
  [
    "IPv6",
    { type: "LoadBalancer", ports: [{ port: 80 }] },
    [{ ip: "2001:db8::1" }],
    ["http://[2001:db8::1]:80"],
  ],
  [
    "several of both; no UDP",
    { type: "LoadBalancer", ports: [{ port: 80 }, { port: 53, protocol: "UDP" }, { port: 81 }] },
    [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }],
    ["http://10.0.0.1:80", "http://10.0.0.1:81", "http://10.0.0.2:80", "http://10.0.0.2:81"],
  ],
  ["no address yet", { type: "LoadBalancer", ports: [{ port: 80 }] }, [], []],
  ["another type", { type: "ClusterIP", ports: [{ port: 80 }] }, [{ ip: "10.0.0.1" }], []],
])("the URLs of a Service: %s", (_name, spec, ingress, urls) => {
  expect(serviceUrls(make("v1/Service", { spec, status: { loadBalancer: { ingress } } }))).toEqual(urls);
});

test("what is no Service has no URL", () => {
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  const status = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
  expect(serviceUrls(make("example.com/v1/Widget", { spec, status }))).toEqual([]);
});
