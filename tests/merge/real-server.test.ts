import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  applyServerSide,
  asStored,
  decodeManaged,
  encodeManaged,
  jsonPatch,
  mergePatch,
  resetFields,
  schemaFor,
  schemaOfCrd,
  strategicMergePatch,
  type TypeSchema,
  updateManaged,
} from "../../engine/merge/index.ts";
import { EngineError } from "../../engine/model/errors.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import type { Recorded, Recording, Resource } from "./golden/steps.ts";
import { WIDGET_CRD } from "./golden/widget-crd.ts";

const GOLDEN = new URL("golden/", import.meta.url);

for (const file of readdirSync(GOLDEN).filter((name) => name.endsWith(".json"))) {
  // written by golden/record.ts
  const { resource, steps } = JSON.parse(readFileSync(new URL(file, GOLDEN), "utf8")) as Recording;
  const name = file.replace(/\.json$/, "");
  describe(name, () => {
    for (const [index, recorded] of steps.entries()) {
      const { step, status } = recorded;
      test(`${index + 1}. ${step.verb} by ${step.manager} → ${status}`, () =>
        replay(name, resource, recorded));
    }
  });
}

function replay(name: string, resource: Resource, recorded: Recorded): void {
  if (recorded.step.verb === "apply") replayApply(name, resource, recorded);
  else replayUpdate(resource, recorded);
}

function replayApply(name: string, resource: Resource, { step, live, answer, status, now }: Recorded): void {
  if (step.verb !== "apply") throw new Error("not an apply");
  const before = live as KubeObject | undefined;
  const subresource = step.subresource;
  const apply = () =>
    applyServerSide({
      live: before,
      config: configOf(name, resource, step.body),
      manager: step.manager,
      force: step.force ?? false,
      now,
      schema: schemaOf(resource),
      reset: resetFields(resource, subresource),
      ...(subresource === undefined ? {} : { subresource }),
      complete: (merged) => completeAs(answer, merged, resetNames(subresource)),
    });
  if (status === 500) {
    expect(apply).toThrow(EngineError);
    const error = caught(apply);
    for (const problem of error.problems)
      expect(answer["message"]).toContain(problem.message.replace(/, got.*/, ""));
    expect(error.problems.length).toBeGreaterThan(0);
    return;
  }
  const outcome = apply();
  if (status === 409) {
    expect(outcome).toMatchObject({ outcome: "conflict", message: answer["message"] });
    return;
  }
  if (outcome.outcome !== "applied") throw new Error(outcome.message);
  if (status === 422) return;
  const after = answer as KubeObject;
  expect(outcome.created).toBe(status === 201);
  expect(outcome.object.metadata["managedFields"]).toEqual(after.metadata["managedFields"]);
  expect(outcome.changed).toBe(before?.metadata["resourceVersion"] !== after.metadata["resourceVersion"]);
  expectOnlyAdded(outcome.object, after, before);
}

function replayUpdate(resource: Resource, { step, live, answer, status, now }: Recorded): void {
  const before = live as KubeObject | undefined;
  const schema = schemaOf(resource);
  const sent = () => bodyOf(step, before, schema);
  const isRefusedPatch = status === 422 && step.verb === "json-patch";
  if (status >= 500 || status === 400 || isRefusedPatch) {
    expect(sent).toThrow(EngineError);
    return;
  }
  const body = sent();
  if (status === 422) return;
  const after = answer as KubeObject;
  const subresource = "subresource" in step ? step.subresource : undefined;
  const managedFields = body.metadata["managedFields"];
  const { managedFields: expected, ...metadata } = after.metadata;
  const updated = updateManaged({
    before,
    after: { ...after, metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) } },
    manager: step.manager,
    now,
    schema,
    reset: resetFields(resource, subresource),
    ...(subresource === undefined ? {} : { subresource }),
  });
  expect(updated.metadata["managedFields"]).toEqual(expected);
  const isPatch = step.verb !== "create" && step.verb !== "replace";
  if (isPatch && subresource === undefined) expectOnlyAdded(asStored(body, schema), after, before);
}

function bodyOf(
  { verb, body }: Recorded["step"],
  before: KubeObject | undefined,
  schema: TypeSchema,
): KubeObject {
  const base = before ?? {};
  switch (verb) {
    case "json-patch":
      return jsonPatch(base, body) as KubeObject;
    case "merge-patch":
      return mergePatch(base, body as JsonObject) as KubeObject;
    case "strategic-merge-patch":
      return strategicMergePatch(base, body as JsonObject, schema) as KubeObject;
    default:
      return { metadata: {}, ...(body as JsonObject) } as KubeObject;
  }
}

function schemaOf(resource: Resource): TypeSchema {
  return schemaFor(resource) ?? schemaOfCrd(WIDGET_CRD, resource.version);
}

function configOf(name: string, { group, version, kind }: Resource, body: JsonObject): KubeObject {
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return { apiVersion, kind, ...body, metadata: { ...metadata, name } };
}

const resetNames = (subresource: string | undefined) => (subresource === "status" ? ["spec"] : ["status"]);

/** What the server does after the merge: values it completes, and reset fields, as in its answer. */
function completeAs(answer: JsonObject, merged: KubeObject, reset: readonly string[]): KubeObject {
  const completed = completeValue(answer, merged) as KubeObject;
  return Object.fromEntries(
    Object.entries(completed).map(([name, value]) => [
      name,
      reset.includes(name) ? (answer[name] ?? value) : value,
    ]),
  ) as KubeObject;
}

/** Fields that the merged value lacks come from the answer (defaults), quantities are written as there. */
function completeValue(answer: Json, merged: Json): Json {
  if (isJsonObject(answer) && isJsonObject(merged)) {
    const added = Object.entries(answer).filter(([name]) => !(name in merged) && name !== "managedFields");
    const own = Object.entries(merged).map(([name, value]) => [
      name,
      completeValue(answer[name] ?? value, value),
    ]);
    return Object.fromEntries([...own, ...added]);
  }
  if (Array.isArray(answer) && Array.isArray(merged)) {
    return merged.map((value: Json, index) =>
      completeValue((answer[index] as Json | undefined) ?? value, value),
    );
  }
  return isSameQuantity(answer, merged) ? answer : merged;
}

const QUANTITIES: Readonly<Record<string, string>> = { "1000m": "1", "1024Mi": "1Gi" };
const isSameQuantity = (answer: Json, merged: Json) =>
  typeof merged === "string" && QUANTITIES[merged] === answer;

const SYSTEM = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
]);

const TYPE = new Set(["apiVersion", "kind", "status"]);
const NONE = new Set<string>();

/** The server's object is ours and what it adds: nothing of ours is missing, and nothing is left that we removed. */
function expectOnlyAdded(ours: Json, answer: Json | undefined, before: Json | undefined, path = ""): void {
  if (isJsonObject(ours) && isJsonObject(answer)) {
    const ignored = path === ".metadata" ? SYSTEM : path === "" ? TYPE : NONE;
    const names = (object: JsonObject) => Object.keys(object).filter((name) => !ignored.has(name));
    for (const name of names(ours)) {
      const was = isJsonObject(before) ? before[name] : undefined;
      expectOnlyAdded(ours[name] ?? null, answer[name], was, `${path}.${name}`);
    }
    const kept = names(answer).filter((name) => !(name in ours) && isJsonObject(before) && name in before);
    expect(kept, `fields at ${path} that the server keeps`).toEqual([]);
  } else if (Array.isArray(ours) && Array.isArray(answer)) {
    expect(answer, `items at ${path}`).toHaveLength(ours.length);
    for (const [index, value] of ours.entries()) {
      expectOnlyAdded(value as Json, answer[index] as Json, undefined, `${path}[${index}]`);
    }
  } else if (!(ours === null && answer === undefined) && !isSameQuantity(answer ?? null, ours)) {
    expect(answer, `value at ${path}`).toEqual(ours);
  }
}

function caught(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("FieldsV1 of built-in kinds decode and encode to the server's very text", () => {
  for (const file of readdirSync(GOLDEN).filter((name) => name.endsWith(".json"))) {
    const { resource, steps } = JSON.parse(readFileSync(new URL(file, GOLDEN), "utf8")) as Recording;
    // of custom resources it sorts the fields as texts
    if (schemaFor(resource) === undefined) continue;
    for (const { live } of steps) {
      if (live === undefined) continue;
      const object = live as KubeObject;
      const encoded = encodeManaged(decodeManaged(object));
      expect(JSON.stringify(encoded)).toBe(JSON.stringify(object.metadata["managedFields"] ?? []));
    }
  }
});
