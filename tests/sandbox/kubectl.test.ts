import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";

const LAYER = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: LoadBalancer
  selector: { app: web }
  ports:
    - { port: 80, targetPort: 8080 }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example.com/web:1.0.0
`;

const [sandbox] = clusterTargets();
let target: Target;

beforeAll(async () => {
  if (sandbox === undefined) throw new Error("no sandbox target");
  target = await sandbox.start(1);
});
afterAll(() => target.stop());

/** The stock kubectl on the sandbox; must end with 0 within its deadline. */
async function kubectl(args: string, stdin?: string): Promise<string> {
  const [cluster] = target.clusters;
  if (cluster === undefined) throw new Error("no cluster");
  const ran = await cluster.kubectl(args.split(" "), stdin === undefined ? {} : { stdin });
  if (ran.code !== 0) throw new Error(`kubectl ${args} ended with ${ran.code}: ${ran.stderr}`);
  return ran.stdout;
}

test("apply --server-side, wait, get, scale, rollout, label, patch, delete", async () => {
  expect(await kubectl("apply --server-side --validate=strict -f -", LAYER)).toContain(
    "deployment.apps/web serverside-applied",
  );
  await kubectl("wait -n shop --for=condition=Available deployment/web --timeout=20s");
  expect(await kubectl("get deployment -n shop")).toMatch(
    /NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 /,
  );
  expect(await kubectl("get service -n shop")).toMatch(
    /web +LoadBalancer +10\.97\.\d+\.\d+ +198\.51\.100\.\d+ +80:3\d{4}\/TCP/,
  );
  expect(await kubectl("get pods -n shop -o name")).toMatch(/^pod\/web-\w+-\w+\npod\/web-\w+-\w+\n$/);
  await kubectl("scale -n shop deployment/web --replicas=3");
  await kubectl("rollout status -n shop deployment/web --timeout=20s");
  expect(await kubectl("get deployment web -n shop -o jsonpath={.status.readyReplicas}")).toBe("3");
  await kubectl("label -n shop deployment/web tier=front");
  expect(await kubectl("get deployment -n shop -l tier=front -o name")).toBe("deployment.apps/web\n");
  await kubectl('patch -n shop deployment/web --type=merge -p {"spec":{"replicas":1}}');
  await kubectl("rollout status -n shop deployment/web --timeout=20s");
  await kubectl("delete -n shop deployment/web --timeout=20s");
  await kubectl("wait -n shop --for=delete pods --all --timeout=20s");
  await kubectl("delete namespace shop --timeout=20s");
  expect(await kubectl("get namespaces -o name")).not.toContain("shop");
});

test("apply, create and annotate as people do; a field that does not exist is refused", async () => {
  await kubectl("create -f -", "apiVersion: v1\nkind: Namespace\nmetadata: { name: notes }\n");
  await kubectl(
    "create -f -",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one, namespace: notes }\ndata: { a: b }\n",
  );
  await kubectl("annotate -n notes configmap/one seen=yes");
  const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: two, namespace: notes }\ndata: { a: b }\n";
  await kubectl("apply --validate=strict -f -", map);
  await kubectl("apply --validate=strict -f -", map.replace("a: b", "c: d"));
  expect(await kubectl("get configmap two -n notes -o jsonpath={.data}")).toBe('{"c":"d"}');
  await expect(kubectl("apply --server-side --validate=strict -f -", `${map}bogus: 1\n`)).rejects.toThrow(
    /bogus/,
  );
  await kubectl("delete namespace notes --timeout=20s");
});

test("a custom resource is served as soon as its definition is", async () => {
  const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: widgets, singular: widget, kind: Widget, shortNames: [wd] }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { size: { type: integer } } }
`;
  await kubectl("apply --server-side -f -", crd);
  await kubectl("wait --for=condition=Established crd/widgets.example.com --timeout=20s");
  await kubectl(
    "apply --server-side -f -",
    "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { size: 3 }\n",
  );
  expect(await kubectl("get wd w -o jsonpath={.spec.size}")).toBe("3");
  await kubectl("delete crd widgets.example.com --timeout=20s");
});

test("an image that does not exist is seen as on a real cluster", async () => {
  const pod =
    "apiVersion: v1\nkind: Pod\nmetadata: { name: bad, labels: { app: bad } }\nspec: { containers: [{ name: a, image: example.com/does-not-exist:1 }] }\n";
  await kubectl("create -f -", pod);
  await kubectl(
    "wait --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff pod/bad --timeout=20s",
  );
  await kubectl("delete pod bad --timeout=20s");
});

test("what protobuf the sandbox does not read is told what to do instead", async () => {
  await expect(kubectl("create token default")).rejects.toThrow(/TokenRequest.*send JSON or YAML/);
});
