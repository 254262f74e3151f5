import { describe, expect, it } from "vitest";
import type { Entry } from "../../engine/apply/inventory/model.ts";
import type { LiveFacts } from "../../engine/apply/live/facts.ts";
import { sentDigest } from "../../engine/apply/normalise.ts";
import { bodyFor, type Item, planApply } from "../../engine/apply/plan-apply.ts";
import { type JsonObject, type KubeObject, objectIdOf, objectKey } from "../../engine/model/kube-object.ts";

function itemOf(apiVersion: string, kind: string, spec: JsonObject = {}): Item {
  const body: KubeObject = { apiVersion, kind, metadata: { name: "x", namespace: "n" }, spec };
  const id = objectIdOf(body);
  return { key: objectKey(id), id, version: "v1", body, digest: sentDigest(body), layer: "p/l", place: {} };
}

const item = itemOf("v1", "ConfigMap");
const job = itemOf("batch/v1", "Job");
const ttlJob = itemOf("batch/v1", "Job", { ttlSecondsAfterFinished: 60 });

function entryOf(of: Item, changes: Partial<Entry> = {}): Entry {
  const { id, version, digest: sent, layer } = of;
  return { id, state: "wanted", version, uid: "u", sent, live: "l", layer, adopted: false, ...changes };
}

function factsOf(of: Item, changes: Partial<LiveFacts> = {}): LiveFacts {
  const health = { health: "healthy", message: "" } as const;
  return {
    id: of.id,
    uid: "u",
    resourceVersion: "1",
    digest: "l",
    terminating: false,
    health,
    urls: [],
    ready: "",
    ...changes,
  };
}

describe("what an object needs", () => {
  it.each<[string, Item, Partial<Entry> | undefined, Partial<LiveFacts> | undefined, boolean, string]>([
    ["as last applied", item, {}, {}, true, "skip"],
    [
      "as last applied, and adopted",
      item,
      { adopted: true, sent: bodyFor(item, { adopted: true }).digest },
      {},
      true,
      "skip",
    ],
    ["adopted, sent without its mark", item, { adopted: true }, {}, true, "apply"],
    ["another body", item, { sent: "other" }, {}, true, "apply"],
    ["another live state", item, {}, { digest: "other" }, true, "apply"],
    ["our Apply entry is gone", item, {}, { digest: "" }, true, "apply"],
    ["another object under the name", item, {}, { uid: "other" }, true, "look"],
    ["being deleted", item, {}, { terminating: true }, true, "look"],
    ["gone", item, {}, undefined, true, "look"],
    ["not seen, without a watch", item, {}, undefined, false, "look"],
    ["written ahead only", item, { uid: "", sent: "", live: "" }, undefined, true, "look"],
    ["written ahead, and there", item, { uid: "", sent: "", live: "" }, {}, true, "look"],
    ["new", item, undefined, undefined, true, "look"],
    ["a Job that ended and is gone", job, { job: "complete" }, undefined, true, "skip"],
    ["a Job that failed and is gone", job, { job: "failed" }, undefined, true, "skip"],
    ["a Job that ended with another body", job, { job: "complete", sent: "other" }, undefined, true, "look"],
    ["a Job that is gone and was not seen to end", job, {}, undefined, true, "look"],
    ["a Job that ended and is being deleted", job, { job: "complete" }, { terminating: true }, true, "skip"],
    ["a Job that is deleted before it ended", job, {}, { terminating: true }, true, "look"],
    ["a Job that removes itself just now", ttlJob, {}, { terminating: true }, true, "skip"],
    ["another Job under the name", job, { job: "complete" }, { uid: "other" }, true, "look"],
    ["a Job that removes itself, gone unseen", ttlJob, {}, undefined, true, "skip"],
    ["a Job that removes itself, without a watch", ttlJob, {}, undefined, false, "look"],
  ])("%s", (_, of, entry, facts, watched, action) => {
    const known = {
      entry: entry === undefined ? undefined : entryOf(of, entry),
      facts: facts === undefined ? undefined : factsOf(of, facts),
      watched,
    };
    expect(planApply(of, known)).toBe(action);
  });
});
