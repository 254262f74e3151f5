import { describe, expect, it } from "vitest";
import { type Content, judgeContent } from "../../../engine/apply/prune/namespace-content.ts";
import type { JsonObject } from "../../../engine/model/kube-object.ts";

const applySet = "applyset-x-v1";
const LABEL = "applyset.kubernetes.io/part-of";
const clusterScoped = new Set(["/Node", "example.com/Tenant"]);
const applied = [{ manager: "strata", operation: "Apply", apiVersion: "v1", fieldsV1: { "f:data": {} } }];

function content(kind: string, name: string, metadata: JsonObject = {}, group = ""): Content {
  const type = { group, version: "v1", kind, plural: "x", namespaced: true, verbs: [] };
  return { type, object: { apiVersion: "v1", kind, metadata: { name, uid: `uid-${name}`, ...metadata } } };
}

function ownedBy(uid: string, kind = "ReplicaSet", apiVersion = "apps/v1"): JsonObject {
  return { ownerReferences: [{ uid, kind, apiVersion, name: "owner" }] };
}

const certificates = content("ConfigMap", "kube-root-ca.crt");
const account = content("ServiceAccount", "default");
const ending = { deletionTimestamp: "2026-01-01T00:00:00Z" };

function judge(...contents: readonly Content[]): ReturnType<typeof judgeContent> {
  return judgeContent(contents, clusterScoped, applySet);
}

describe("what a Namespace holds", () => {
  it("is nothing, where there is only what the system makes", () => {
    const events = [content("Event", "a"), content("Event", "b", {}, "events.k8s.io")];
    expect(judge(certificates, account, ...events)).toEqual({ state: "empty" });
  });

  it("is nothing, where the owner of the rest is gone", () => {
    expect(judge(content("Pod", "left", ownedBy("gone")))).toEqual({ state: "empty" });
  });

  it("is nothing, where the owner of the rest's owner is gone, in any order", () => {
    const set = content("ReplicaSet", "set", ownedBy("gone", "Deployment"), "apps");
    const pod = content("Pod", "pod", ownedBy("uid-set"));
    expect(judge(set, pod)).toEqual({ state: "empty" });
    expect(judge(pod, set)).toEqual({ state: "empty" });
  });

  it.each<[string, readonly Content[], readonly string[]]>([
    ["an object of anybody", [content("ConfigMap", "theirs")], ["ConfigMap theirs"]],
    [
      "an object of ours that is not ending",
      [content("ConfigMap", "ours", { labels: { [LABEL]: applySet }, managedFields: applied })],
      ["ConfigMap ours"],
    ],
    ["a claim", [content("PersistentVolumeClaim", "data")], ["PersistentVolumeClaim data"]],
    [
      "what the system makes, where it is ours",
      [content("ServiceAccount", "default", { labels: { [LABEL]: applySet }, managedFields: applied })],
      ["ServiceAccount default"],
    ],
    [
      "the account of a custom kind that is called default",
      [content("ServiceAccount", "default", {}, "example.com")],
      ["ServiceAccount.example.com default"],
    ],
    [
      "an object and its owner",
      [content("ReplicaSet", "set", {}, "apps"), content("Pod", "pod", ownedBy("uid-set"))],
      ["ReplicaSet.apps set", "Pod pod"],
    ],
    [
      "what belongs to something outside of every Namespace",
      [content("Pod", "static", ownedBy("node", "Node", "v1"))],
      ["Pod static"],
    ],
    [
      "one of several owners is there",
      [
        content("ConfigMap", "owner"),
        content("Pod", "pod", { ownerReferences: [{ uid: "gone" }, { uid: "uid-owner" }] }),
      ],
      ["ConfigMap owner", "Pod pod"],
    ],
  ])("holds it: %s", (_, contents, by) => {
    expect(judge(certificates, account, ...contents)).toEqual({ state: "held", by });
  });

  it.each<[string, readonly Content[]]>([
    ["what is being deleted", [content("Pod", "pod", ending)]],
    [
      "what belongs to that",
      [content("ReplicaSet", "set", ending), content("Pod", "pod", ownedBy("uid-set"))],
    ],
    ["what only copies our label", [content("Endpoints", "web", { labels: { [LABEL]: applySet } })]],
  ])("is ending: %s", (_, contents) => {
    expect(judge(certificates, ...contents)).toMatchObject({ state: "ending" });
  });

  it("is held although other things are ending", () => {
    const held = judge(content("Pod", "pod", ending), content("ConfigMap", "theirs"));
    expect(held).toEqual({ state: "held", by: ["ConfigMap theirs"] });
  });
});
