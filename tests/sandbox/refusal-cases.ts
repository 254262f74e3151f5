import type { Dispatcher } from "undici";
import type { SendOptions } from "./raw-api.ts";

export type RefusalCase = readonly [
  what: string,
  request: readonly [method: Dispatcher.HttpMethod, path: string, options?: SendOptions],
  answer: {
    readonly status: number;
    readonly reason: string;
    readonly field?: string;
    readonly says?: string;
  },
];

export const MAPS = "/api/v1/namespaces/refusals/configmaps";
const SECRETS = "/api/v1/namespaces/refusals/secrets";
const SERVICES = "/api/v1/namespaces/refusals/services";
export const DEPLOYMENTS = "/apis/apps/v1/namespaces/refusals/deployments";
const APPLY = { type: "application/apply-patch+yaml" };
const MERGE = { type: "application/merge-patch+json" };
export const map = (metadata: object, more: object = {}) => ({
  body: { apiVersion: "v1", kind: "ConfigMap", metadata, ...more },
});
const service = (...ports: readonly object[]) => ({
  body: { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { ports } },
});
export const deployment = (labels: object, container: object) => ({
  body: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: {
      selector: { matchLabels: { app: "d" } },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  },
});

// Every line holds on a real API server too: the sandbox refuses with the same code and reason, at the same field.
export const REFUSALS: readonly RefusalCase[] = [
  ["a name that exists", ["POST", MAPS, map({ name: "there" })], { status: 409, reason: "AlreadyExists" }],
  [
    "an object that is not there",
    ["GET", `${MAPS}/nope`],
    { status: 404, reason: "NotFound", says: 'configmaps "nope" not found' },
  ],
  ["a kind that is not served", ["GET", "/api/v1/widgets"], { status: 404, reason: "NotFound" }],
  ["a subresource of another kind", ["GET", `${MAPS}/there/scale`], { status: 404, reason: "NotFound" }],
  [
    "a namespace that is not there",
    ["POST", "/api/v1/namespaces/nope/configmaps", map({ name: "a" })],
    { status: 404, reason: "NotFound", says: 'namespaces "nope" not found' },
  ],
  [
    "a name of capitals",
    ["POST", MAPS, map({ name: "Upper" })],
    { status: 422, reason: "Invalid", field: "metadata.name" },
  ],
  ["no name", ["POST", MAPS, map({})], { status: 422, reason: "Invalid", field: "metadata.name" }],
  [
    "a label value with a space",
    ["POST", MAPS, map({ name: "l", labels: { a: "b c" } })],
    { status: 422, reason: "Invalid", field: "metadata.labels" },
  ],
  [
    "another name than the URL's",
    ["PATCH", `${MAPS}/one?fieldManager=t`, { ...APPLY, ...map({ name: "other" }) }],
    { status: 400, reason: "BadRequest", says: "does not match the name on the URL" },
  ],
  [
    "another namespace than the URL's",
    ["POST", MAPS, map({ name: "n", namespace: "elsewhere" })],
    { status: 400, reason: "BadRequest", says: "does not match the namespace" },
  ],
  [
    "another kind than the URL's",
    ["POST", MAPS, { body: { apiVersion: "v1", kind: "Secret", metadata: { name: "k" } } }],
    { status: 400, reason: "BadRequest" },
  ],
  [
    "half of an object",
    ["POST", MAPS, { body: '{"apiVersion":"v1",' }],
    { status: 400, reason: "BadRequest" },
  ],
  ["a list for an object", ["POST", MAPS, { body: "[]" }], { status: 400, reason: "BadRequest" }],
  [
    "apply without a manager",
    ["PATCH", `${MAPS}/there`, { ...APPLY, ...map({ name: "there" }) }],
    { status: 422, reason: "Invalid", field: "fieldManager" },
  ],
  [
    "a patch of no known type",
    ["PATCH", `${MAPS}/there`, { type: "application/xml", body: "<a/>" }],
    { status: 415, reason: "UnsupportedMediaType" },
  ],
  [
    "an answer in HTML",
    ["GET", `${MAPS}/there`, { accept: "text/html" }],
    { status: 406, reason: "NotAcceptable" },
  ],
  [
    "a dry run of another kind",
    ["POST", `${MAPS}?dryRun=Some`, map({ name: "dry" })],
    { status: 422, reason: "Invalid", field: "dryRun" },
  ],
  [
    "a field validation of another kind",
    ["POST", `${MAPS}?fieldValidation=Hard`, map({ name: "v" })],
    { status: 422, reason: "Invalid", field: "fieldValidation" },
  ],
  [
    "a field that does not exist, strictly",
    ["POST", `${MAPS}?fieldValidation=Strict`, map({ name: "f" }, { dota: {} })],
    { status: 400, reason: "BadRequest", says: 'unknown field "dota"' },
  ],
  [
    "an old resourceVersion",
    ["PATCH", `${MAPS}/there`, { ...MERGE, body: { metadata: { resourceVersion: "1" }, data: { a: "b" } } }],
    { status: 409, reason: "Conflict", says: "the object has been modified" },
  ],
  [
    "an apply of an old resourceVersion",
    ["PATCH", `${MAPS}/there?fieldManager=m`, { ...APPLY, ...map({ name: "there", resourceVersion: "1" }) }],
    { status: 409, reason: "Conflict", says: "the object has been modified" },
  ],
  [
    "an apply of a uid where nothing is",
    ["PATCH", `${MAPS}/nope?fieldManager=m`, { ...APPLY, ...map({ name: "nope", uid: "gone" }) }],
    { status: 409, reason: "Conflict", says: "uid mismatch" },
  ],
  [
    "a deletion of another uid",
    ["DELETE", `${MAPS}/there`, { body: { preconditions: { uid: "other" } } }],
    { status: 409, reason: "Conflict" },
  ],
  [
    "a deletion of an old resourceVersion",
    ["DELETE", `${MAPS}/there`, { body: { preconditions: { resourceVersion: "1" } } }],
    { status: 409, reason: "Conflict" },
  ],
  [
    "a resourceVersion of the future",
    ["GET", `${MAPS}?resourceVersion=999999999`],
    { status: 504, reason: "Timeout", says: "Too large resource version" },
  ],
  [
    "a continue that no list gave",
    ["GET", `${MAPS}?limit=1&continue=zzz`],
    { status: 400, reason: "BadRequest", says: "continue key is not valid" },
  ],
  [
    "initial events without a match",
    ["GET", `${MAPS}?watch=true&sendInitialEvents=true`],
    { status: 422, reason: "Invalid", field: "resourceVersionMatch" },
  ],
  [
    "a field that cannot be selected by",
    ["GET", `${MAPS}?fieldSelector=data.a%3Db`],
    { status: 400, reason: "BadRequest" },
  ],
  [
    "a label selector with a hole",
    ["GET", `${MAPS}?labelSelector=a%20b`],
    { status: 400, reason: "BadRequest" },
  ],
  [
    "ports without names",
    ["POST", SERVICES, service({ port: 1 }, { port: 2 })],
    { status: 422, reason: "Invalid", field: "spec.ports[0].name" },
  ],
  [
    "a port beyond the last",
    ["POST", SERVICES, service({ port: 65_536 })],
    { status: 422, reason: "Invalid", field: "spec.ports[0].port" },
  ],
  [
    "a selector that finds nothing of its own",
    ["POST", DEPLOYMENTS, deployment({ app: "x" }, { name: "c", image: "i" })],
    { status: 422, reason: "Invalid", field: "spec.template.metadata.labels" },
  ],
  [
    "a container without an image",
    ["POST", DEPLOYMENTS, deployment({ app: "d" }, { name: "c" })],
    { status: 422, reason: "Invalid", field: "spec.template.spec.containers[0].image" },
  ],
  [
    "fewer replicas than none",
    ["PATCH", `${DEPLOYMENTS}/web/scale`, { ...MERGE, body: { spec: { replicas: -1 } } }],
    { status: 422, reason: "Invalid", field: "spec.replicas" },
  ],
  [
    "a scale of an old resourceVersion",
    [
      "PATCH",
      `${DEPLOYMENTS}/web/scale`,
      { ...MERGE, body: { metadata: { resourceVersion: "1" }, spec: { replicas: 3 } } },
    ],
    { status: 409, reason: "Conflict" },
  ],
  [
    "a selector that changes",
    [
      "PATCH",
      `${DEPLOYMENTS}/web`,
      {
        ...MERGE,
        body: {
          spec: {
            selector: { matchLabels: { app: "d", more: "y" } },
            template: { metadata: { labels: { app: "d", more: "y" } } },
          },
        },
      },
    ],
    { status: 422, reason: "Invalid", field: "spec.selector" },
  ],
  [
    "a label key with a space",
    ["POST", MAPS, map({ name: "l", labels: { "a b": "c" } })],
    { status: 422, reason: "Invalid", field: "metadata.labels" },
  ],
  [
    "an annotation key with two slashes",
    ["POST", MAPS, map({ name: "l", annotations: { "a/b/c": "d" } })],
    { status: 422, reason: "Invalid", field: "metadata.annotations" },
  ],
  [
    "annotations beyond their bound",
    ["POST", MAPS, map({ name: "l", annotations: { a: "x".repeat(262_144) } })],
    { status: 422, reason: "Invalid", field: "metadata.annotations" },
  ],
  [
    "a namespace with a dot",
    ["POST", "/api/v1/namespaces", { body: { metadata: { name: "a.b" } } }],
    { status: 422, reason: "Invalid", field: "metadata.name" },
  ],
  [
    "a key with a space",
    ["POST", MAPS, map({ name: "k" }, { data: { "a b": "c" } })],
    { status: 422, reason: "Invalid", field: "data[a b]" },
  ],
  [
    "more data than a ConfigMap holds",
    ["POST", MAPS, map({ name: "big" }, { data: { a: "x".repeat(1_048_577) } })],
    { status: 422, reason: "Invalid", says: "may not be more than 1048576 bytes" },
  ],
  [
    "a secret that is no base64",
    ["POST", SECRETS, { body: { metadata: { name: "s" }, data: { a: "no base64!" } } }],
    { status: 400, reason: "BadRequest", says: "illegal base64 data" },
  ],
  [
    "a TLS secret without its key",
    [
      "POST",
      SECRETS,
      { body: { metadata: { name: "s" }, type: "kubernetes.io/tls", data: { "tls.crt": "" } } },
    ],
    { status: 422, reason: "Invalid", field: "data[tls.key]" },
  ],
  [
    "a node port outside of the range",
    [
      "POST",
      SERVICES,
      { body: { metadata: { name: "s" }, spec: { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] } } },
    ],
    { status: 422, reason: "Invalid", field: "spec.ports[0].nodePort" },
  ],
  [
    "a type of service that does not exist",
    [
      "POST",
      SERVICES,
      { body: { metadata: { name: "s" }, spec: { type: "Balancer", ports: [{ port: 80 }] } } },
    ],
    { status: 422, reason: "Invalid", field: "spec.type" },
  ],
  [
    "a service without ports",
    ["POST", SERVICES, service()],
    { status: 422, reason: "Invalid", field: "spec.ports" },
  ],
  [
    "two ports of one name",
    ["POST", SERVICES, service({ name: "a", port: 1 }, { name: "a", port: 2 })],
    { status: 422, reason: "Invalid", field: "spec.ports[1].name" },
  ],
  [
    "a container named in capitals",
    ["POST", DEPLOYMENTS, deployment({ app: "d" }, { name: "C", image: "i" })],
    { status: 422, reason: "Invalid", field: "spec.template.spec.containers[0].name" },
  ],
  [
    "a port beyond the last of a container",
    [
      "POST",
      DEPLOYMENTS,
      deployment({ app: "d" }, { name: "c", image: "i", ports: [{ containerPort: 70_000 }] }),
    ],
    { status: 422, reason: "Invalid", field: "spec.template.spec.containers[0].ports[0].containerPort" },
  ],
  [
    "a job that never ends",
    [
      "POST",
      "/apis/batch/v1/namespaces/refusals/jobs",
      {
        body: {
          metadata: { name: "j" },
          spec: { template: { spec: { containers: [{ name: "c", image: "i" }] } } },
        },
      },
    ],
    { status: 422, reason: "Invalid", field: "spec.template.spec.restartPolicy" },
  ],
];
