import type { Json, JsonObject } from "../../../engine/model/kube-object.ts";
import type { Resource, Sequence, Step } from "./steps.ts";

const deployments: Resource = { group: "apps", version: "v1", kind: "Deployment", plural: "deployments" };
const services: Resource = { group: "", version: "v1", kind: "Service", plural: "services" };
const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps" };
const secrets: Resource = { group: "", version: "v1", kind: "Secret", plural: "secrets" };
const roles: Resource = { group: "rbac.authorization.k8s.io", version: "v1", kind: "Role", plural: "roles" };
const ingresses: Resource = { group: "networking.k8s.io", version: "v1", kind: "Ingress", plural: "ingresses" };
const widgets: Resource = { group: "merge.test.strata.dev", version: "v1", kind: "Widget", plural: "widgets" };
const accounts: Resource = { group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts" };
const budgets: Resource = {
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
};

const apply = (manager: string, body: JsonObject, force = false): Step => ({
  verb: "apply",
  manager,
  body,
  ...(force ? { force } : {}),
});
const strategic = (manager: string, body: JsonObject): Step => ({ verb: "strategic-merge-patch", manager, body });

/** A Deployment that starts nothing; `pod` and `spec` go over it. */
const web = (pod: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: {
    replicas: 0,
    paused: true,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: pod },
    ...spec,
  },
});
const container = (name: string, more: JsonObject = {}): JsonObject => ({ name, image: `${name}:1`, ...more });
const pod = (...containers: Json[]): JsonObject => ({ containers });
const patchPod = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } });

/** Requests whose outcome the merge must share with a real API server. */
export const SEQUENCES: readonly Sequence[] = [
  {
    name: "configmap-apply-and-prune",
    resource: configMaps,
    steps: [
      apply("one", { data: { a: "1", b: "2" } }),
      apply("one", { data: { a: "1", b: "2" } }),
      apply("one", { data: { a: "1" } }),
      apply("two", { data: { a: "1", c: "3" } }),
      apply("two", { data: { a: "9", c: "3" } }),
      apply("two", { data: { a: "9", c: "3" } }, true),
      apply("one", { data: { a: "9" }, metadata: { labels: { x: "y" } } }),
      apply("one", {}),
      apply("two", {}),
    ],
  },
  {
    name: "configmap-null-and-empty",
    resource: configMaps,
    steps: [
      apply("one", { data: { a: "1" }, metadata: { annotations: {} } }),
      apply("one", { data: {} }),
      apply("one", { data: { a: "1" }, binaryData: null }),
      { verb: "replace", manager: "editor", body: { data: { a: "1" }, metadata: { labels: {} } } },
    ],
  },
  {
    name: "configmap-updates-take-and-lose",
    resource: configMaps,
    steps: [
      { verb: "create", manager: "creator", body: { data: { a: "1", b: "2" }, metadata: { labels: { l: "1" } } } },
      { verb: "merge-patch", manager: "patcher", body: { data: { a: "2", c: "3" } } },
      apply("one", { data: { a: "2" } }),
      apply("one", { data: { a: "3" } }),
      apply("one", { data: { a: "3" } }, true),
      { verb: "json-patch", manager: "patcher", body: [{ op: "remove", path: "/data/b" }] },
      { verb: "merge-patch", manager: "patcher", body: { metadata: { labels: null } } },
      { verb: "replace", manager: "creator", body: { data: { z: "1" } } },
    ],
  },
  {
    name: "configmap-managed-fields-reset",
    resource: configMaps,
    steps: [
      apply("one", { data: { a: "1" } }),
      { verb: "merge-patch", manager: "resetter", body: { metadata: { managedFields: [{}] } } },
      { verb: "merge-patch", manager: "untracked", body: { data: { b: "2" } } },
      apply("one", { data: { a: "1" } }),
      apply("one", { data: { c: "1" } }),
    ],
  },
  {
    name: "configmap-many-updaters",
    resource: configMaps,
    steps: [
      { verb: "create", manager: "creator", body: { data: { start: "1" } } },
      ...Array.from({ length: 12 }, (_, index): Step => ({
        verb: "merge-patch",
        manager: `patcher-${index}`,
        body: { data: { [`key-${index}`]: "1" } },
      })),
    ],
  },
  {
    name: "secret-apply",
    resource: secrets,
    steps: [apply("one", { type: "Opaque", data: { a: "YQ==" } }), apply("one", { type: "Opaque", data: { b: "Yg==" } })],
  },
  {
    name: "deployment-create-owns-defaults",
    resource: deployments,
    steps: [
      {
        verb: "create",
        manager: "creator",
        body: web(
          {
            ...pod(
              container("web", {
                ports: [{ containerPort: 80 }],
                env: [{ name: "A", value: "1" }],
                resources: { requests: { cpu: "1000m" } },
                volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
              }),
            ),
            volumes: [{ name: "tmp", emptyDir: {} }],
          },
          { strategy: { type: "Recreate" } },
        ),
      },
      strategic("kubectl-edit", patchPod({ containers: [{ name: "web", image: "web:2" }] })),
      strategic("kubectl-edit", patchPod({ containers: [{ name: "side", image: "side:1" }] })),
      { verb: "merge-patch", manager: "kubectl-scale", body: { spec: { minReadySeconds: 5 } } },
    ],
  },
  {
    name: "deployment-containers-by-name",
    resource: deployments,
    steps: [
      apply("one", web(pod(container("web"), container("side")))),
      apply("two", patchPod({ containers: [{ name: "side", env: [{ name: "A", value: "1" }] }] })),
      // refused: what another manager owns keeps the item, now without its image
      apply("one", web(pod(container("web")))),
      apply("two", patchPod({ containers: [{ name: "side", image: "side:1" }] })),
      apply("one", web(pod(container("web")))),
      apply("two", {}),
      apply("one", web(pod(container("new"), container("web")))),
      strategic("injector", patchPod({ containers: [{ name: "proxy", image: "proxy:1" }] })),
      apply("one", web(pod(container("last"), container("web"), container("first")))),
      apply("two", patchPod({ containers: [container("first"), container("mid"), container("last")] })),
      apply("one", web(pod(container("first")))),
      apply("two", {}),
    ],
  },
  {
    name: "deployment-changed-port",
    resource: deployments,
    steps: [
      apply("one", web(pod(container("web", { ports: [{ containerPort: 80, name: "http" }] })))),
      strategic("meddler", {
        spec: { template: { spec: { containers: [{ name: "web", ports: [{ containerPort: 81, name: "other" }] }] } } },
      }),
      apply("one", web(pod(container("web", { ports: [{ containerPort: 82, name: "third" }] })))),
      apply("one", web(pod(container("web", { ports: [{ containerPort: 82, protocol: "TCP", name: "third" }] })))),
      apply("one", web(pod(container("web", { ports: [{ containerPort: 82, protocol: "UDP", name: "third" }] })))),
    ],
  },
  {
    name: "deployment-quantities",
    resource: deployments,
    steps: [
      apply("one", web(pod(container("web", { resources: { requests: { cpu: "1000m", memory: "1024Mi" } } })))),
      apply("one", web(pod(container("web", { resources: { requests: { cpu: "1000m", memory: "1024Mi" } } })))),
      apply("one", web(pod(container("web", { resources: { requests: { cpu: "1" } } })))),
    ],
  },
  {
    name: "deployment-refusals",
    resource: deployments,
    steps: [
      apply("one", web(pod(container("web")))),
      apply("one", web(pod(container("web"), container("web")))),
      apply("one", web(pod(container("web", { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }] })))),
      apply("one", web(pod(container("web", { env: [{ name: "A" }, { name: "B" }, { name: "A" }] })))),
      apply("one", web({ ...pod(container("web")), volumes: ["wrong"] })),
      apply("one", { ...web(pod(container("web"))), spec: "wrong" }),
    ],
  },
  {
    name: "deployment-null-replicas",
    resource: deployments,
    steps: [
      apply("one", web(pod(container("web")))),
      apply("one", web(pod(container("web")), { replicas: null })),
      { verb: "merge-patch", manager: "scaler", body: { spec: { replicas: 0 } } },
      apply("one", web(pod(container("web")), { replicas: 1 })),
      apply("one", web(pod(container("web")), { replicas: 0 })),
    ],
  },
  {
    name: "deployment-status-is-separate",
    resource: deployments,
    steps: [
      apply("one", { ...web(pod(container("web"))), status: { replicas: 7 } }),
      {
        verb: "merge-patch",
        manager: "controller",
        subresource: "status",
        body: { metadata: { annotations: { seen: "yes" }, labels: { seen: "yes" } }, status: { observedGeneration: 1 } },
      },
      {
        verb: "apply",
        manager: "reporter",
        subresource: "status",
        body: { spec: { replicas: 5 }, status: { conditions: [{ type: "Odd", status: "True" }] } },
      },
    ],
  },
  {
    name: "deployment-strategic-directives",
    resource: deployments,
    steps: [
      {
        verb: "create",
        manager: "creator",
        body: web(
          {
            ...pod(container("a"), container("b", { env: [{ name: "X", value: "1" }] }), container("c")),
            volumes: [
              { name: "one", emptyDir: {} },
              { name: "two", configMap: { name: "x" } },
            ],
            tolerations: [{ key: "k", operator: "Exists" }],
          },
          { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
        ),
      },
      strategic("p", patchPod({ containers: [{ name: "a", image: "a:2" }] })),
      strategic("p", patchPod({ containers: [{ name: "b", $patch: "delete" }] })),
      strategic("p", {
        spec: {
          template: {
            spec: {
              "$setElementOrder/containers": [{ name: "n" }, { name: "c" }, { name: "a" }],
              containers: [{ name: "n", image: "n:1" }],
            },
          },
        },
      }),
      strategic("p", { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } }),
      strategic(
        "p",
        patchPod({ volumes: [{ name: "two", $retainKeys: ["name", "secret"], secret: { secretName: "s" } }] }),
      ),
      strategic("p", patchPod({ tolerations: [{ key: "other", operator: "Exists" }] })),
      strategic("p", patchPod({ containers: [{ $patch: "replace" }, { name: "only", image: "only:1" }] })),
      strategic("p", patchPod({ volumes: null, securityContext: { runAsUser: 1, fsGroup: null } })),
      strategic("p", { metadata: { finalizers: ["strata.dev/one", "strata.dev/two"] } }),
      strategic("p", {
        metadata: {
          "$deleteFromPrimitiveList/finalizers": ["strata.dev/one"],
          "$setElementOrder/finalizers": ["strata.dev/three", "strata.dev/two"],
          finalizers: ["strata.dev/three"],
        },
      }),
      strategic("p", { metadata: { "$deleteFromPrimitiveList/finalizers": ["strata.dev/two", "strata.dev/three"] } }),
      strategic("p", patchPod({ containers: [{ image: "nameless" }] })),
      strategic("p", patchPod({ containers: [{ name: "x", $patch: "odd" }] })),
      strategic("p", { spec: { strategy: { $retainKeys: [], type: "Recreate" } } }),
    ],
  },
  {
    name: "deployment-keyed-lists",
    resource: deployments,
    steps: [
      apply(
        "one",
        web({
          ...pod(
            container("web", {
              volumeMounts: [{ name: "tmp", mountPath: "/a" }],
              env: [{ name: "B", value: "1" }],
            }),
          ),
          volumes: [{ name: "tmp", emptyDir: {} }],
          hostAliases: [{ ip: "10.0.0.1", hostnames: ["a"] }],
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" },
            { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" },
          ],
        }),
      ),
      apply(
        "two",
        patchPod({
          containers: [
            {
              name: "web",
              volumeMounts: [{ name: "tmp", mountPath: "/b" }],
              env: [
                { name: "A", value: "1" },
                { name: "B", value: "1" },
              ],
            },
          ],
          topologySpreadConstraints: [{ maxSkew: 2, topologyKey: "host", whenUnsatisfiable: "DoNotSchedule" }],
        }),
      ),
      {
        verb: "json-patch",
        manager: "editor",
        body: [
          { op: "test", path: "/spec/template/spec/containers/0/env/0/name", value: "A" },
          { op: "remove", path: "/spec/template/spec/containers/0/env/0" },
          { op: "move", from: "/spec/template/spec/hostAliases", path: "/spec/template/spec/hostAliases" },
          { op: "add", path: "/metadata/annotations", value: { "a/b": "1", "c~d": "2" } },
          { op: "replace", path: "/metadata/annotations/a~1b", value: "3" },
          { op: "remove", path: "/metadata/annotations/c~0d" },
        ],
      },
      { verb: "json-patch", manager: "editor", body: [{ op: "remove", path: "/spec/nothing" }] },
      { verb: "json-patch", manager: "editor", body: [{ op: "test", path: "/spec/paused", value: false }] },
      { verb: "json-patch", manager: "editor", body: [{ op: "add", path: "/spec/no/where", value: 1 }] },
      apply("one", web(pod(container("web", { env: [{ name: "B", value: "2" }] })))),
      apply("one", web(pod(container("web", { env: [{ name: "B", value: "2" }] }))), true),
      apply("two", {}),
    ],
  },
  {
    name: "service-ports-by-port-and-protocol",
    resource: services,
    steps: [
      apply("one", {
        spec: { clusterIP: "None", selector: { app: "web" }, ports: [{ name: "dns-tcp", port: 53 }, { name: "dns-udp", port: 53, protocol: "UDP" }] },
      }),
      strategic("editor", { spec: { ports: [{ port: 80, name: "http" }] } }),
      apply("one", { spec: { clusterIP: "None", selector: { app: "api" }, ports: [{ name: "dns-udp", port: 53, protocol: "UDP" }] } }),
      { verb: "json-patch", manager: "editor", body: [{ op: "replace", path: "/spec/ports/0/port", value: 54 }] },
      apply("one", { spec: { clusterIP: "None", selector: { app: "api" }, ports: [{ name: "dns-udp", port: 53, protocol: "UDP" }] } }),
    ],
  },
  {
    name: "serviceaccount-secrets",
    resource: accounts,
    steps: [
      apply("one", { imagePullSecrets: [{ name: "a" }], secrets: [{ name: "s" }] }),
      apply("two", { imagePullSecrets: [{ name: "b" }] }),
      strategic("p", { imagePullSecrets: [{ name: "a", $patch: "delete" }] }),
      apply("two", { automountServiceAccountToken: false }),
      apply("one", { metadata: { finalizers: [] } }),
    ],
  },
  {
    name: "role-atomic-rules",
    resource: roles,
    steps: [
      apply("one", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
      apply("two", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }] }),
      apply("two", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
      apply("one", { metadata: { labels: { a: "b" } } }),
    ],
  },
  {
    name: "ingress-create",
    resource: ingresses,
    steps: [
      {
        verb: "create",
        manager: "creator",
        body: {
          spec: {
            defaultBackend: { service: { name: "web", port: { number: 80 } } },
            tls: [{ hosts: ["a.test"], secretName: "t" }],
          },
        },
      },
      apply("one", { spec: { defaultBackend: { service: { name: "web", port: { name: "http" } } } } }, true),
    ],
  },
  {
    name: "pdb-selector-replaced-by-patch",
    resource: budgets,
    steps: [
      {
        verb: "create",
        manager: "creator",
        body: { spec: { minAvailable: 1, selector: { matchLabels: { a: "1" } } } },
      },
      strategic("p", { spec: { selector: { matchLabels: { b: "2" } } } }),
      apply("one", { spec: { minAvailable: "50%" } }, true),
    ],
  },
  {
    name: "owner-references-and-finalizers",
    resource: configMaps,
    steps: [
      apply("one", { metadata: { finalizers: ["strata.dev/a"], annotations: { k: "<&>\u2028" } } }),
      apply("two", { metadata: { finalizers: ["strata.dev/b", "strata.dev/a"] } }),
      apply("one", {}),
      { verb: "merge-patch", manager: "p", body: { metadata: { finalizers: null } } },
    ],
  },
  {
    name: "widget-lists-and-maps",
    resource: widgets,
    steps: [
      apply("one", {
        spec: {
          size: 1,
          parts: [{ id: 1, colour: "red" }, { id: 1, side: "right" }, { id: 2, tags: ["x"] }],
          labels: ["b", "a"],
          steps: [{ run: "x" }],
          limits: { low: 1, high: 2 },
          values: { k: "v" },
          free: { deep: { er: 1 }, list: [1, 2] },
          port: "http",
          template: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", labels: { a: "b" } }, data: { k: "v" } },
        },
      }),
      apply("two", {
        spec: { parts: [{ id: 2, colour: "blue" }, { id: 3 }], labels: ["c", "a"], free: { deep: { two: 2 } }, values: { z: "1" } },
      }),
      apply("one", {
        spec: { size: 1, parts: [{ id: 2, side: "left" }], labels: ["a"], limits: { low: 1 }, free: { list: [2] }, port: 80 },
      }),
      apply("two", { spec: { limits: { low: 1 }, steps: [{ run: "x" }] } }),
      apply("two", { spec: { limits: { low: 2 } } }),
      apply("one", { spec: { note: null } }),
      apply("one", {}),
      apply("two", {}),
    ],
  },
  {
    name: "widget-updates",
    resource: widgets,
    steps: [
      {
        verb: "create",
        manager: "creator",
        body: {
          metadata: { labels: { a: "b" } },
          spec: { size: 1, parts: [{ id: 1 }], labels: ["a"], limits: { low: 1 }, free: {}, values: {} },
          status: { phase: "ignored" },
        },
      },
      { verb: "merge-patch", manager: "p", body: { spec: { parts: [{ id: 1, colour: "red" }, { id: 2 }], free: { x: { y: 1 } } } } },
      { verb: "merge-patch", manager: "p", subresource: "status", body: { status: { phase: "Ready" }, spec: { size: 9 } } },
      { verb: "json-patch", manager: "q", body: [{ op: "test", path: "/spec/size", value: 1 }, { op: "copy", from: "/spec/parts/1", path: "/spec/parts/0" }, { op: "replace", path: "/spec/parts/0/id", value: 7 }, { op: "add", path: "/spec/labels/-", value: "z" }] },
      { verb: "apply", manager: "one", subresource: "status", body: { status: { phase: "Done" } } },
      { verb: "apply", manager: "one", subresource: "status", force: true, body: { status: { phase: "Done" } } },
      { verb: "replace", manager: "creator", body: { spec: { size: 2, labels: ["z"] } } },
    ],
  },
  {
    name: "widget-emptied-parents",
    resource: widgets,
    steps: [
      apply("one", { spec: { size: 1, values: {}, labels: [] } }),
      apply("two", { spec: { size: 1, values: { a: "1" }, labels: ["x"], free: { deep: { er: "1" } } } }),
      apply("two", { spec: { size: 1 } }),
      apply("two", { spec: { size: 1, free: {}, parts: [{ id: 1, tags: [] }] } }),
      apply("one", { spec: { free: { a: { b: 1 } } } }),
      apply("one", { spec: { free: { a: "b" } } }),
      apply("one", {}),
    ],
  },
  {
    name: "widget-refusals",
    resource: widgets,
    steps: [
      apply("one", { spec: { parts: [{ id: 1 }, { id: 1, side: "left" }] } }),
      apply("one", { spec: { labels: ["a", "a"] } }),
      apply("one", { spec: { size: "one" } }),
    ],
  },
];
