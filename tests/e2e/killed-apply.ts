import { expect, vi } from "vitest";
import type { ClusterView } from "../../engine/model/view.ts";
import type { Cli, Serving } from "./cli.ts";
import type { Target } from "./targets.ts";

const NAMESPACE = "hello-universe";
const PARTS: readonly string[] = Array.from({ length: 20 }, (_, index) => `part-${index + 1}`);
/** A part that is there when the version comes, on its way out, and goes only when it is let. */
const HELD = "part-20";
const POLL = { timeout: 60_000, interval: 100 };

interface KilledApply {
  readonly target: Target;
  readonly cli: Cli;
  readonly serving: Serving;
  /** What 1.1.0 has. */
  readonly layer: string;
  readonly restart: () => Promise<Serving>;
}

/**
 * Takes aws-cluster to hello-universe 1.2.0: 1.1.0 with its Service under another name, and with twenty ConfigMaps and
 * twenty Services more. One of the ConfigMaps cannot be applied yet, and what comes after ConfigMaps waits for it. The
 * engine is killed while the apply stands there, and a new one brings it to its end. Returns the new engine.
 */
export async function killInApply(options: KilledApply): Promise<Serving> {
  const { target, cli, serving } = options;
  const kubectl = (...args: string[]) => target.kubectl(cli, 0, "aws-cluster", ...args, "-n", NAMESPACE);
  const names = async (kind: string): Promise<string[]> => {
    const list = await kubectl("get", kind, "-o", "jsonpath={.items[*].metadata.name}");
    return list.split(" ").filter((name) => name !== "kube-root-ca.crt");
  };
  const uid = () =>
    kubectl("get", "deployment", "hello-universe-deployment", "-o", "jsonpath={.metadata.uid}");
  const finalize = (finalizers: string) =>
    kubectl("patch", "configmap", HELD, "--type", "merge", "-p", `{"metadata":{"finalizers":${finalizers}}}`);
  const before = await uid();

  for (const name of ["theirs", HELD]) await kubectl("create", "configmap", name);
  await finalize('["example.com/hold"]');
  await kubectl("delete", "configmap", HELD, "--wait=false");
  await cli.ok(["profile", "version", "hello-universe@1.2.0"]);
  const edit = ["profile", "edit", "hello-universe@1.2.0", "hello-universe", "--file", "-"];
  await cli.ok(edit, { input: withParts(options.layer) });
  await cli.ok(["cluster", "use", "aws-cluster", "hello-universe@1.2.0"]);

  // In the middle: some of the new objects are there, the others cannot be, and what leaves is still there.
  await vi.waitFor(async () => expect(await names("configmaps")).toContain("part-1"), POLL);
  expect(await names("services")).toEqual(["hello-universe-service"]);
  expect(await cli.json<ClusterView>(["cluster", "show", "aws-cluster"])).toMatchObject({
    health: "progressing",
    profiles: [{ version: "1.2.0" }],
  });
  await serving.stop("SIGKILL");
  expect(serving.process.signalCode).toBe("SIGKILL");

  const next = await options.restart();
  await vi.waitFor(() => finalize("null"), POLL);
  await cli.ok(["sync"]);
  expect((await names("configmaps")).toSorted()).toEqual([...PARTS, "theirs"].toSorted());
  expect((await names("services")).toSorted()).toEqual(["hello-universe-public", ...PARTS].toSorted());
  expect(await uid()).toBe(before);
  await kubectl("delete", "configmap", "theirs");
  return next;
}

function withParts(layer: string): string {
  const renamed = layer.replace("name: hello-universe-service", "name: hello-universe-public");
  const part = (kind: string, spec: string) => (name: string) =>
    `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${NAMESPACE}\n${spec}`;
  const service = "spec:\n  ports:\n    - port: 80\n";
  return [renamed, ...PARTS.map(part("ConfigMap", "")), ...PARTS.map(part("Service", service))].join("---\n");
}
