import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gizmos.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { plural: gizmos, singular: gizmo, kind: Gizmo }
  versions:
    - name: v1alpha1
      served: true
      storage: false
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: { type: integer, minimum: 1 }
                mode: { type: string, enum: [a, b], default: a }
`;

const gizmo = (spec: string) =>
  `apiVersion: example.org/v1\nkind: Gizmo\nmetadata: { name: one, namespace: gizmos }\nspec: ${spec}\n`;

describe.each(clusterTargets())("custom resources on $name", ({ start }) => {
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
  const define = async () => {
    await kubectl("apply --server-side -f -", DEFINITION);
    await kubectl("wait --for=condition=Established crd/gizmos.example.org --timeout=20s");
    // The API server routes a new kind a moment after it says that it is established
    await vi.waitFor(() => kubectl("get gizmos -n gizmos"), { timeout: 20_000, interval: 200 });
  };

  beforeAll(async () => {
    target = await start(1);
    await kubectl("create -f -", "apiVersion: v1\nkind: Namespace\nmetadata: { name: gizmos }\n");
    await define();
  }, 600_000);
  afterAll(async () => {
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test("the stable version is preferred, and defaults of the schema are filled in", async () => {
    await kubectl("apply --server-side -f -", gizmo("{ size: 3 }"));
    const seen = await kubectl("get gizmo one -n gizmos -o json");
    expect(JSON.parse(seen)).toMatchObject({ apiVersion: "example.org/v1", spec: { size: 3, mode: "a" } });
  });

  test.each([
    ["{ size: 0 }", "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"],
    ["{ mode: a }", "spec.size: Required value"],
    ['{ size: 1, mode: "c" }', 'spec.mode: Unsupported value: "c": supported values: "a", "b"'],
  ])("what the schema forbids is refused, with the field: %s", async (spec, problem) => {
    const ran = await run("create -f -", gizmo(spec).replace("name: one", "name: bad"));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(problem);
  });

  test("its objects go with a definition, and a new one of the same name begins empty", async () => {
    await kubectl("apply --server-side -f -", gizmo("{ size: 3 }"));
    await kubectl("delete crd gizmos.example.org --timeout=20s");
    await define();
    expect(await kubectl("get gizmos -n gizmos -o name")).toBe("");
  });

  test("a definition waits for the finalizers of its objects", async () => {
    await kubectl("apply --server-side -f -", gizmo("{ size: 3 }"));
    const finalizers = (list: string) =>
      kubectl(`patch gizmo one -n gizmos --type=merge -p {"metadata":{"finalizers":${list}}}`);
    await finalizers('["example.org/hold"]');
    await kubectl("delete crd gizmos.example.org --wait=false");
    await kubectl("wait --for=jsonpath={.metadata.deletionTimestamp} gizmo/one -n gizmos --timeout=20s");
    await finalizers("null");
    await kubectl("wait --for=delete crd/gizmos.example.org --timeout=20s");
  });
});
