import fc from "fast-check";
import type { Json, JsonObject } from "../../../engine/model/kube-object.ts";
import { GADGET_DEPTH } from "./gadget-crd.ts";

type Fields = Readonly<Record<string, fc.Arbitrary<Json>>>;

/** An object of which each field may be missing. */
export function some(fields: Fields, required: Fields = {}): fc.Arbitrary<JsonObject> {
  const all: Record<string, fc.Arbitrary<Json>> = { ...required, ...fields };
  return fc.record(all, { requiredKeys: Object.keys(required) });
}

/** A list whose items differ in what `key` says, in any order; now and then one where a key stands twice. */
function distinct(item: fc.Arbitrary<JsonObject>, key: (item: JsonObject) => unknown): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 24, arbitrary: fc.uniqueArray(item, { maxLength: 4, selector: key }) },
    { weight: 1, arbitrary: fc.array(item, { minLength: 2, maxLength: 3 }) },
  );
}

/** Two ports are the same one with the protocol written and left out. */
const portKey = (port: Json | undefined, protocol: Json = "TCP") => JSON.stringify([port, protocol]);
const named = (item: fc.Arbitrary<JsonObject>) => distinct(item, ({ name }) => name);
export const word = fc.constantFrom("a", "b", "c");
const name = fc.constantFrom("api", "db", "side", "log");
const count = fc.nat({ max: 3 });
const strings = fc.array(word, { maxLength: 3 });
export const labels: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom("app", "example.com/tier", "zone"),
  word,
);
const protocol = fc.constantFrom("TCP", "UDP");
const selector = some({
  matchLabels: labels,
  matchExpressions: fc.array(some({ values: strings }, { key: word })),
});

const env = some(
  {
    value: word,
    valueFrom: some({ secretKeyRef: some({ optional: fc.boolean() }, { name: word, key: word }) }),
  },
  { name: fc.constantFrom("A", "B", "C", "D") },
);
const containerPort = some(
  { name: word, protocol, hostPort: count },
  { containerPort: fc.constantFrom(80, 443) },
);
const container = some(
  {
    image: word,
    args: strings,
    env: named(env),
    ports: distinct(containerPort, (port) => portKey(port["containerPort"], port["protocol"])),
    resources: some({ limits: fc.dictionary(fc.constantFrom("cpu", "memory"), word), requests: labels }),
    volumeMounts: distinct(
      some({ name: word, readOnly: fc.boolean() }, { mountPath: word }),
      (m) => m["mountPath"],
    ),
    securityContext: some({ runAsUser: count, capabilities: some({ drop: strings }) }),
  },
  { name },
);
const volume = fc.oneof(
  some({}, { name, emptyDir: some({ medium: word }) }),
  some({}, { name, configMap: some({ name: word, items: fc.array(some({ path: word }, { key: word })) }) }),
  some({}, { name, hostPath: some({ path: word }) }),
);
const pod = some(
  {
    initContainers: named(container),
    nodeSelector: labels,
    tolerations: fc.array(some({ key: word, effect: word, tolerationSeconds: count }), { maxLength: 2 }),
    imagePullSecrets: named(some({}, { name })),
    terminationGracePeriodSeconds: count,
  },
  { containers: named(container), volumes: named(volume) },
);
const template = some({ metadata: some({ labels, annotations: labels }) }, { spec: pod });
const servicePort = some(
  { name: word, protocol, targetPort: fc.oneof(count, word) },
  { port: fc.constantFrom(80, 443) },
);
const peer = some({ podSelector: selector, ipBlock: some({ except: strings }, { cidr: word }) });

export interface ArbitraryKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** How often it is drawn: what has more lists in lists more often. */
  readonly weight: number;
  readonly fields: fc.Arbitrary<JsonObject>;
}

export const KINDS: readonly ArbitraryKind[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    weight: 5,
    fields: some(
      {},
      {
        spec: some(
          {
            replicas: count,
            selector,
            strategy: fc.oneof(
              some(
                { rollingUpdate: some({ maxSurge: count, maxUnavailable: word }) },
                { type: fc.constant("RollingUpdate") },
              ),
              fc.constant({ type: "Recreate" }),
            ),
          },
          { template },
        ),
      },
    ),
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    weight: 2,
    fields: some({
      spec: some(
        {
          replicas: count,
          serviceName: word,
          volumeClaimTemplates: fc.array(some({ spec: some({ accessModes: strings }) }), { maxLength: 2 }),
        },
        { template },
      ),
    }),
  },
  {
    apiVersion: "v1",
    kind: "Service",
    weight: 3,
    fields: some({
      spec: some(
        { type: word, selector: labels },
        { ports: distinct(servicePort, (port) => portKey(port["port"], port["protocol"])) },
      ),
    }),
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    weight: 1,
    fields: some({ data: fc.dictionary(fc.constantFrom("a.yaml", "b", "c"), word), immutable: fc.boolean() }),
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    weight: 1,
    fields: some({
      spec: some({
        podSelector: selector,
        policyTypes: strings,
        ingress: fc.array(
          some({ from: fc.array(peer, { maxLength: 2 }), ports: fc.array(some({ port: count, protocol })) }),
          { maxLength: 2 },
        ),
      }),
    }),
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    weight: 1,
    fields: some({
      rules: fc.array(some({ apiGroups: strings, resources: strings, verbs: strings }), { maxLength: 3 }),
    }),
  },
  {
    apiVersion: "example.com/v1",
    kind: "Gadget",
    weight: 5,
    fields: some({}, { spec: gadget() }),
  },
  {
    apiVersion: "unknown.example.com/v1",
    kind: "Unknown",
    weight: 1,
    fields: some({ spec: some({ items: fc.array(some({ value: count }, { name })), deep: labels }) }),
  },
];

/** Valid gadgets with parts in parts, those with lists that are not as they should be, and nulls. */
function gadget(): fc.Arbitrary<JsonObject> {
  const untidy = <T extends Json>(tidy: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
    fc.oneof(
      { weight: 16, arbitrary: tidy },
      { weight: 1, arbitrary: fc.constantFrom<Json>(null, "text", 1, {}, []) },
    );
  const set = fc.oneof(
    { weight: 8, arbitrary: fc.uniqueArray(word) },
    { weight: 1, arbitrary: fc.array(fc.oneof(word, fc.constant(null), fc.constant({ a: 1 }))) },
  );
  const port = some(
    { protocol: fc.constantFrom<Json>("TCP", "UDP", null), note: untidy(word) },
    { port: fc.constantFrom(80, 443) },
  );
  const steps = untidy(fc.array(some({ run: untidy(word) }), { maxLength: 3 }));
  const free = fc.dictionary(fc.constantFrom("a", "b", "__proto__", "toString"), tree());
  const partsOf = (part: fc.Arbitrary<JsonObject>) => {
    const unnamed = fc.oneof({ weight: 9, arbitrary: part }, { weight: 1, arbitrary: some({ size: count }) });
    return untidy(
      fc.oneof(
        { weight: 8, arbitrary: distinct(part, ({ id }) => id) },
        { weight: 1, arbitrary: fc.array(unnamed, { maxLength: 3 }) },
      ),
    );
  };
  const part = (depth: number): fc.Arbitrary<JsonObject> =>
    some(
      {
        size: untidy(count),
        tags: untidy(set),
        ports: untidy(fc.array(port, { maxLength: 3 })),
        steps,
        free,
        ...(depth === 0 ? {} : { parts: partsOf(part(depth - 1)) }),
      },
      { id: fc.constantFrom("a", "b", "c", "d") },
    );
  const top = part(GADGET_DEPTH);
  return some(
    {
      size: untidy(count),
      labels: untidy(set),
      steps,
      values: untidy(labels),
      byName: fc.dictionary(word, top, { maxKeys: 2 }),
      free,
    },
    { parts: partsOf(top) },
  );
}

/** Any JSON of a small depth, with few names so that two of them have places in common. */
function tree(): fc.Arbitrary<Json> {
  return fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<Json>(null, true, 0, 1, "", "a"),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("tree"), { maxKeys: 3 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  })).tree;
}
