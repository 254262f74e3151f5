import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortKeys } from "../../../engine/apply/sorted-json.ts";
import { fieldDrift } from "../../../engine/apply/drift/field-drift.ts";
import { moveItemsPatch } from "../../../engine/apply/drift/move-items.ts";
import { takeOverPatch } from "../../../engine/apply/drift/take-over.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from "../../../engine/model/kube-object.ts";
import { deployments, withContent } from "./deployments.ts";
import { applied, patched, updated } from "./pure-server.ts";

function content({ metadata, spec }: KubeObject): JsonObject {
  return { labels: metadata.labels ?? {}, spec: spec ?? {} };
}

describe("laws of drift", () => {
  it("what was just applied has none, whatever another manager applied before", () => {
    fc.assert(
      fc.property(deployments, deployments, (body, other) => {
        const live = applied(applied(undefined, other, "other"), body);
        expect(fieldDrift(body, live)).toMatchObject({ fields: [], items: [] });
      }),
    );
  });

  it("whatever somebody makes of an object, it has none after it was put back", () => {
    fc.assert(
      fc.property(deployments, deployments, (body, edited) => {
        const before = applied(undefined, body);
        const live = updated(before, withContent(before, edited), "kubectl-edit");
        const { items, holdings } = fieldDrift(body, live);
        const moved = items.length === 0 ? live : patched(live, moveItemsPatch(live, items, holdings));
        const after = applied(moved, body);
        expect(fieldDrift(body, after)).toMatchObject({ fields: [], items: [] });
      }),
    );
  });

  it("a change of what we sent is always seen", () => {
    fc.assert(
      fc.property(deployments, deployments, (body, edited) => {
        const before = applied(undefined, body);
        const live = updated(before, withContent(before, edited), "kubectl-edit");
        const kept = JSON.stringify(content(applied(live, body))) === JSON.stringify(content(live));
        if (!kept) expect(fieldDrift(body, live).fields).not.toEqual([]);
      }),
    );
  });

  it("an object that kubectl or Helm made is, once taken over, exactly what we send", () => {
    const tools = fc.constantFrom("kubectl-client-side-apply", "helm", "before-first-apply");
    fc.assert(
      fc.property(deployments, deployments, tools, fc.boolean(), (theirs, ours, tool, onServer) => {
        const live = onServer ? applied(undefined, theirs, tool) : updated(undefined, theirs, tool);
        const taken = patched(
          live,
          takeOverPatch(live, "apps/v1", () => true),
        );
        expect(taken.spec).toEqual(live.spec); // taking over by itself changes nothing
        expect(sorted(applied(taken, ours))).toEqual(sorted(applied(undefined, ours)));
      }),
    );
  });
});

/** With lists in one order: a merge keeps that of the live object. */
function sorted(object: KubeObject): Json {
  return inOrder(sortKeys(content(object)));
}

function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder).toSorted((a, b) => text(a).localeCompare(text(b)));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inOrder(child)]));
}

function text(value: Json): string {
  return JSON.stringify(value);
}
