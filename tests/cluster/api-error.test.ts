import { inspect } from "node:util";
import { expect, test } from "vitest";
import { apiError, isAbsent } from "../../engine/cluster/api-error.ts";
import { failureKind } from "../../engine/cluster/failure-kind.ts";
import type { FailureKind } from "../../engine/cluster/types.ts";
import { EngineError } from "../../engine/model/errors.ts";
import { failure } from "./scripted-server.ts";

const refusal = (code: number, reason: string, message: string, details = {}) =>
  apiError({ status: code, body: JSON.stringify(failure(code, reason, message, details)) });

const notServed = apiError({ status: 404, body: "404 page not found\n" });
const noWidget = refusal(404, "NotFound", 'widgets.example.com "w" not found', {
  name: "w",
  kind: "widgets",
});
const noNamespace = refusal(404, "NotFound", 'namespaces "n" not found', { name: "n", kind: "namespaces" });
const terminating = refusal(403, "Forbidden", 'configmaps "a" is forbidden: unable to create new content', {
  causes: [
    {
      reason: "NamespaceTerminating",
      message: "namespace n is being terminated",
      field: "metadata.namespace",
    },
  ],
});
const undeclared = refusal(
  500,
  "",
  "failed to create typed patch object: .spec.size: field not declared in schema",
);
const unknownField = refusal(400, "BadRequest", 'strict decoding error: unknown field "spec.size"');

test.each<[string, unknown, FailureKind, FailureKind]>([
  // what, error, in general, where the kind's CRD is ours
  ["kind not served", notServed, "wrong", "not-yet"],
  ["object not there", noWidget, "wrong", "wrong"],
  ["namespace not there", noNamespace, "wrong", "wrong"],
  ["namespace ending", terminating, "not-yet", "not-yet"],
  ["field not declared", undeclared, "wrong", "not-yet"],
  [
    "value of the wrong type",
    refusal(500, "", "failed to create typed patch object: .data.a: expected string"),
    "wrong",
    "wrong",
  ],
  [
    "value that cannot be read",
    refusal(500, "", "failed to convert new object: illegal base64"),
    "wrong",
    "wrong",
  ],
  [
    "conversion webhook",
    refusal(500, "", "failed to convert new object: conversion webhook for w failed"),
    "not-yet",
    "not-yet",
  ],
  ["database", refusal(500, "", "etcdserver: request timed out"), "not-yet", "not-yet"],
  ["unknown field", unknownField, "wrong", "not-yet"],
  ["invalid", refusal(422, "Invalid", "spec.selector: field is immutable"), "wrong", "wrong"],
  [
    "forbidden",
    refusal(403, "Forbidden", 'deployments.apps is forbidden: User "u" cannot…'),
    "wrong",
    "wrong",
  ],
  ["conflict", refusal(409, "Conflict", "the object has been modified"), "conflict", "conflict"],
  ["too many requests", refusal(429, "TooManyRequests", "slow down"), "not-yet", "not-yet"],
  [
    "webhook without a service",
    refusal(500, "InternalError", "failed calling webhook"),
    "not-yet",
    "not-yet",
  ],
  ["credentials", refusal(401, "Unauthorized", "Unauthorized"), "unreachable", "unreachable"],
  ["no server", new EngineError("cluster-unreachable", "…"), "unreachable", "unreachable"],
  ["our own mistake", new TypeError("…"), "wrong", "wrong"],
])("%s", (_what, error, general, ours) => {
  expect(failureKind(error)).toBe(general);
  expect(failureKind(error, { ownDefinition: true })).toBe(ours);
});

test("only the very object's 404 says that it is absent", () => {
  expect(isAbsent(noWidget, "w")).toBe(true);
  expect(isAbsent(noNamespace, "w")).toBe(false);
  expect(isAbsent(notServed, "w")).toBe(false);
});

test("keeps status, reason, causes and the wish to be asked later", () => {
  const body = failure(422, "Invalid", "Deployment is invalid", {
    causes: [{ field: "spec.replicas", reason: "FieldValueInvalid", message: "must be positive" }],
    retryAfterSeconds: 3,
  });
  expect(apiError({ status: 422, body: JSON.stringify(body) }, "Deployment.apps n/a")).toMatchObject({
    code: "api-422",
    status: 422,
    reason: "Invalid",
    causes: [{ field: "spec.replicas", reason: "FieldValueInvalid", message: "must be positive" }],
    retryAfterSeconds: 3,
    place: { object: "Deployment.apps n/a" },
    retryable: false,
  });
  const gateway = apiError({
    status: 503,
    retryAfter: "7",
    body: "<html><h1>Service Unavailable</h1></html>",
  });
  expect(gateway).toMatchObject({ retryAfterSeconds: 7, retryable: true, reason: "" });
  expect(gateway.message).toBe("the API server answered 503: Service Unavailable");
});

test.each([
  [
    400,
    "BadRequest",
    'Secret in version "v1" cannot be handled as a Secret: …|"data":{"password":"hunter2"}|…',
  ],
  [500, "", ".data.password: expected string, got &value.valueUnstructured{Value:hunter2}"],
  [403, "Forbidden", 'admission webhook "x.y" denied the request: password hunter2 is too weak'],
  [422, "Invalid", 'Secret "a" is invalid: type: Invalid value: "hunter2": field is immutable'],
])("a refused Secret is told without its data (%i)", (status, reason, message) => {
  const details = { causes: [{ field: "data.password", reason: "FieldValueInvalid", message: "hunter2" }] };
  const body = JSON.stringify(failure(status, reason, message, details));
  const error = apiError({ status, body }, "Secret n/a", true);
  expect(inspect(error, { depth: 9 })).not.toContain("hunter2");
  expect(error.message).toContain("data.password");
  expect(apiError({ status, body }, "Widget n/a").message).toContain("hunter2");
});

test("a refused Secret keeps words that quote names only", () => {
  const message = 'secrets "a" is forbidden: User "u" cannot patch resource "secrets" in API group ""';
  expect(
    apiError({ status: 403, body: JSON.stringify(failure(403, "Forbidden", message)) }, "", true).message,
  ).toBe(message);
});
