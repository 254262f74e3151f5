import { expect, test } from "vitest";
import { intendedEntry } from "../../engine/apply/inventory/model.ts";
import { leavingLayers } from "../../engine/apply/leaving-layers.ts";
import { leftoversOf } from "../../engine/apply/leftovers.ts";
import { objectKey } from "../../engine/model/kube-object.ts";

const LAYERS = ["base", "app"].map((name) => ({ profile: "web", name, type: "manifest" }));

function entry(kind: string, name: string, layer: string) {
  const id = { group: "", kind, namespace: kind === "Namespace" ? "" : "app", name };
  return [objectKey(id), intendedEntry(id, "v1", layer)] as const;
}

const problem = (object: string, message: string) => ({ code: "prune-waiting", message, object });
const NONE = new Map<string, never>();

/** The layers as `name state message`. */
function told(leaving: Parameters<typeof leavingLayers>[1]): string[] {
  return leavingLayers(LAYERS, leaving).map(({ name, state, message }) =>
    `${name} ${state} ${message}`.trim(),
  );
}

test("the layer in turn is the last that has anything but Namespaces and what is kept", () => {
  const namespace = entry("Namespace", "app", "web/app");
  const config = entry("ConfigMap", "a", "web/base");
  const volume = entry("PersistentVolumeClaim", "data", "web/app");
  const kept = new Map([[volume[0], problem("PersistentVolumeClaim app/data", "it holds data")]]);
  const entries = new Map([namespace, config, volume]);
  expect(told({ entries, kept, waiting: NONE })).toEqual([
    "base waiting 1 object to go",
    "app pending 1 object to go",
  ]);
  const waiting = new Map([[namespace[0], problem("Namespace app", "held")]]);
  expect(told({ entries: new Map([namespace, volume]), kept, waiting })).toEqual([
    "base gone",
    "app waiting 1 object to go; Namespace app: held",
  ]);
  expect(told({ entries: new Map([volume]), kept, waiting: NONE })).toEqual(["base gone", "app gone"]);
});

test("what belongs to no known layer goes first", () => {
  const entries = new Map([entry("ConfigMap", "lost", ""), entry("ConfigMap", "a", "web/app")]);
  expect(told({ entries, kept: NONE, waiting: NONE })).toEqual(["base gone", "app pending 1 object to go"]);
});

test("leftovers name what is held up before the rest, and of very many objects the first", () => {
  const entries = new Map(Array.from({ length: 25 }, (_, at) => entry("ConfigMap", `c${at}`, "web/app")));
  const last = entry("ConfigMap", "c24", "web/app")[0];
  const waiting = new Map([[last, problem("ConfigMap app/c24", "held")]]);
  const { left } = leftoversOf({ entries, kept: NONE, waiting }, new Set());
  expect(left).toHaveLength(21);
  expect([left[0], left[1], left.at(-1)]).toEqual([
    "ConfigMap app/c24: held",
    "ConfigMap app/c0",
    "and 5 more",
  ]);
});
