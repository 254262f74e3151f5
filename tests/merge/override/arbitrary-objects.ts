import fc from "fast-check";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from "../../../engine/model/kube-object.ts";

type Fields = Readonly<Record<string, fc.Arbitrary<Json>>>;

/** An object of which each field may be missing. */
function some(fields: Fields, required: Fields = {}): fc.Arbitrary<JsonObject> {
  const all: Record<string, fc.Arbitrary<Json>> = { ...required, ...fields };
  return fc.record(all, { requiredKeys: Object.keys(required) });
}

/** A list whose items differ in what `key` says, in any order. */
function distinct(item: fc.Arbitrary<JsonObject>, key: (item: JsonObject) => unknown): fc.Arbitrary<Json> {
  return fc.uniqueArray(item, { maxLength: 4, selector: key });
}

/** Two ports are the same one with the protocol written and left out. */
const portKey = (port: Json | undefined, protocol: Json = "TCP") => JSON.stringify([port, protocol]);
const named = (item: fc.Arbitrary<JsonObject>) => distinct(item, ({ name }) => name);
const word = fc.constantFrom("a", "b", "c");
const name = fc.constantFrom("api", "db", "side", "log");
const count = fc.nat({ max: 3 });
const strings = fc.array(word, { maxLength: 3 });
const labels: fc.Arbitrary<Json> = fc.dictionary(fc.constantFrom("app", "example.com/tier", "zone"), word);
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
const pod = some({
  containers: named(container),
  initContainers: named(container),
  volumes: named(volume),
  nodeSelector: labels,
  tolerations: fc.array(some({ key: word, effect: word, tolerationSeconds: count }), { maxLength: 2 }),
  imagePullSecrets: named(some({}, { name })),
  terminationGracePeriodSeconds: count,
});
const template = some({ metadata: some({ labels, annotations: labels }), spec: pod });
const servicePort = some(
  { name: word, protocol, targetPort: fc.oneof(count, word) },
  { port: fc.constantFrom(80, 443) },
);
const peer = some({ podSelector: selector, ipBlock: some({ except: strings }, { cidr: word }) });

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly fields: fc.Arbitrary<JsonObject>;
}

const KINDS: readonly Kind[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    fields: some({
      spec: some({
        replicas: count,
        selector,
        strategy: fc.oneof(
          some(
            { rollingUpdate: some({ maxSurge: count, maxUnavailable: word }) },
            { type: fc.constant("RollingUpdate") },
          ),
          fc.constant({ type: "Recreate" }),
        ),
        template,
      }),
    }),
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    fields: some({
      spec: some({
        replicas: count,
        serviceName: word,
        template,
        volumeClaimTemplates: fc.array(some({ spec: some({ accessModes: strings }) }), { maxLength: 2 }),
      }),
    }),
  },
  {
    apiVersion: "v1",
    kind: "Service",
    fields: some({
      spec: some({
        type: word,
        selector: labels,
        ports: distinct(servicePort, (port) => portKey(port["port"], port["protocol"])),
      }),
    }),
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    fields: some({ data: fc.dictionary(fc.constantFrom("a.yaml", "b", "c"), word), immutable: fc.boolean() }),
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
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
    fields: some({
      rules: fc.array(some({ apiGroups: strings, resources: strings, verbs: strings }), { maxLength: 3 }),
    }),
  },
  {
    apiVersion: "example.com/v1",
    kind: "Gadget",
    fields: some({ spec: gadget() }),
  },
  {
    apiVersion: "unknown.example.com/v1",
    kind: "Unknown",
    fields: some({ spec: some({ items: fc.array(some({ value: count }, { name })), deep: labels }) }),
  },
];

/** Valid gadgets, those with lists that are not as they should be, and nulls. */
function gadget(): fc.Arbitrary<JsonObject> {
  const untidy = <T extends Json>(tidy: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
    fc.oneof(
      { weight: 12, arbitrary: tidy },
      { weight: 1, arbitrary: fc.constantFrom<Json>(null, "text", 1, {}, []) },
    );
  const set = fc.oneof(
    { weight: 8, arbitrary: fc.uniqueArray(word) },
    { weight: 1, arbitrary: fc.array(fc.oneof(word, fc.constant(null), fc.constant({ a: 1 }))) },
  );
  const id = fc.constantFrom("a", "b", "c", "d");
  const port = some(
    { protocol: fc.constantFrom<Json>("TCP", "UDP", null), note: untidy(word) },
    { port: fc.constantFrom(80, 443) },
  );
  const free = fc.dictionary(fc.constantFrom("a", "b", "__proto__", "toString"), tree());
  const part = some(
    {
      size: untidy(count),
      tags: untidy(set),
      ports: untidy(fc.array(port, { maxLength: 3 })),
      steps: untidy(fc.array(some({ run: untidy(word) }), { maxLength: 2 })),
      free,
    },
    { id },
  );
  const unnamed = fc.oneof({ weight: 9, arbitrary: part }, { weight: 1, arbitrary: some({ size: count }) });
  return some({
    size: untidy(count),
    parts: untidy(
      fc.oneof(
        { weight: 6, arbitrary: distinct(part, (each) => each["id"]) },
        { weight: 1, arbitrary: fc.array(unnamed, { maxLength: 4 }) },
      ),
    ),
    labels: untidy(set),
    steps: untidy(fc.array(some({ run: untidy(word) }), { maxLength: 3 })),
    values: untidy(labels),
    free,
  });
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

function objectOf({ apiVersion, kind, fields }: Kind, objectName = "web"): fc.Arbitrary<KubeObject> {
  const metadata = some({ labels, annotations: labels, finalizers: fc.uniqueArray(word) });
  return fc.tuple(metadata, fields).map(([meta, body]) => ({
    apiVersion,
    kind,
    metadata: { ...meta, name: objectName, namespace: "shop" },
    ...body,
  }));
}

/** States of one object, of a kind that is drawn too; half of them differ in little. */
const states = fc.constantFrom(...KINDS).chain((kind) => {
  const object = objectOf(kind);
  return fc
    .tuple(object, object, object, fc.nat({ max: 5 }), fc.nat({ max: 5 }))
    .map(([a, b, c, one, other]) => [a, blend(a, b, one), blend(a, c, other)] as const);
});

/** Two states of one object. */
export const pair: fc.Arbitrary<readonly [KubeObject, KubeObject]> = states.map(([a, b]) => [a, b]);

/** Three states of one object. */
export const triple: fc.Arbitrary<readonly [KubeObject, KubeObject, KubeObject]> = states;

/** The first object with some of the fields of the second, at any depth of objects; all of them where `seed` is 0. */
function blend(a: KubeObject, b: KubeObject, seed: number): KubeObject {
  let state = seed;
  const take = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 3 === 0;
  };
  const mix = (one: JsonObject, other: JsonObject): JsonObject => {
    const result = new Map(Object.entries(one));
    for (const [field, value] of Object.entries(other)) {
      const mine = result.get(field);
      if (isJsonObject(mine) && isJsonObject(value)) result.set(field, mix(mine, value));
      else if (take()) result.set(field, value);
    }
    return Object.fromEntries(result);
  };
  return seed === 0 ? b : { ...mix(a, b), apiVersion: a.apiVersion, kind: a.kind, metadata: a.metadata };
}

/** The objects of a layer; two draws have many identities in common. */
export const layers: fc.Arbitrary<readonly KubeObject[]> = fc
  .shuffledSubarray(
    KINDS.flatMap((kind) => ["web", "api"].map((each) => objectOf(kind, each))),
    { maxLength: 8 },
  )
  .chain((objects) => fc.tuple(...objects));
