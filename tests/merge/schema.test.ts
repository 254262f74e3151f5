import { describe, expect, test } from "vitest";
import {
  applyServerSide,
  asStored,
  encodeFields,
  fieldsOf,
  type ListSchema,
  resetFields,
  schemaFor,
  schemaOfCrd,
  type TypeSchema,
  updateManaged,
} from "../../engine/merge/index.ts";
import { KINDS, TYPES } from "../../engine/merge/schema/builtin.generated.ts";
import { EngineError } from "../../engine/model/errors.ts";
import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { WIDGET_CRD } from "./golden/widget-crd.ts";

function builtin(group: string, version: string, kind: string): TypeSchema {
  const schema = schemaFor({ group, version, kind });
  if (schema === undefined) throw new Error(`no schema for ${kind}`);
  return schema;
}

function at(schema: TypeSchema, path: string): TypeSchema {
  return path.split(".").reduce((type, name) => {
    const next = name === "[]" ? type.list?.item() : type.map?.field(name)?.type;
    if (next === undefined) throw new Error(`no ${name} in ${path}`);
    return next;
  }, schema);
}

function list(schema: TypeSchema, path: string): Pick<ListSchema, "kind" | "keys"> {
  const { kind, keys } = at(schema, path).list ?? { kind: undefined, keys: [] };
  if (kind === undefined) throw new Error(`${path} is no list`);
  return { kind, keys };
}

describe("schemas of built-in kinds", () => {
  test("say how lists merge", () => {
    const deployment = builtin("apps", "v1", "Deployment");
    const pod = "spec.template.spec";
    expect(list(deployment, `${pod}.containers`)).toEqual({ kind: "map", keys: ["name"] });
    expect(list(deployment, `${pod}.containers.[].ports`)).toEqual({
      kind: "map",
      keys: ["containerPort", "protocol"],
    });
    expect(list(deployment, `${pod}.containers.[].args`)).toEqual({ kind: "atomic", keys: [] });
    expect(list(deployment, `${pod}.tolerations`)).toEqual({ kind: "atomic", keys: [] });
    expect(list(deployment, "metadata.finalizers")).toEqual({ kind: "set", keys: [] });
    expect(list(builtin("", "v1", "Service"), "spec.ports")).toEqual({
      kind: "map",
      keys: ["port", "protocol"],
    });
  });

  test("know the defaults of keys, atomic maps and patch keys", () => {
    const deployment = builtin("apps", "v1", "Deployment");
    const port = at(deployment, "spec.template.spec.containers.[].ports.[]").map;
    expect(port?.field("protocol")?.keyDefault).toBe("TCP");
    expect(at(deployment, "spec.selector").map?.kind).toBe("atomic");
    expect(at(deployment, "metadata.labels").map?.kind).toBe("granular");
    const container = at(deployment, "spec.template.spec.containers.[]").map;
    expect(container?.field("ports")?.patch).toEqual({
      strategy: "merge",
      retainKeys: false,
      mergeKey: "containerPort",
    });
    const spec = at(deployment, "spec.template.spec").map;
    expect(spec?.field("volumes")?.patch).toEqual({ strategy: "merge", retainKeys: true, mergeKey: "name" });
    expect(
      at(builtin("policy", "v1", "PodDisruptionBudget"), "spec").map?.field("selector")?.patch?.strategy,
    ).toBe("replace");
  });

  test("every kind and every type in the table can be read to its leaves", () => {
    const visited = new Set<string>();
    const visit = (schema: TypeSchema, path: string, depth: number): void => {
      // JSONSchemaProps holds itself
      if (depth > 12 || visited.has(path)) return;
      visited.add(path);
      for (const [name, field] of schema.map?.fields() ?? []) visit(field.type, `${path}.${name}`, depth + 1);
      const others = schema.map?.others();
      if (others?.map?.fields() !== undefined && others !== schema) visit(others, `${path}.*`, depth + 1);
      if (schema.list !== undefined) visit(schema.list.item(), `${path}[]`, depth + 1);
      expect(schema.map ?? schema.list ?? schema.scalar, path).toBeDefined();
    };
    for (const kind of ["/v1/Pod", "/v1/Service", "apps/v1/StatefulSet", "networking.k8s.io/v1/Ingress"]) {
      const [group = "", version = "", name = ""] = kind.split("/");
      visit(builtin(group, version, name), kind, 0);
    }
    expect(visited.size).toBeGreaterThan(2000);
    const references = Object.values(TYPES).flatMap((text) =>
      [...text.matchAll(/@([\w.]+)/g)].map(([, name]) => name),
    );
    expect(
      [...new Set([...references, ...Object.values(KINDS)])].filter(
        (name) => name === undefined || !Object.hasOwn(TYPES, name),
      ),
    ).toEqual([]);
  });

  test("are none for kinds that Kubernetes does not have", () => {
    expect(schemaFor({ group: "example.com", version: "v1", kind: "Deployment" })).toBeUndefined();
    expect(schemaFor({ group: "", version: "v1", kind: "toString" })).toBeUndefined();
  });
});

describe("schemas of custom resources", () => {
  const widget = schemaOfCrd(WIDGET_CRD, "v1");

  test("merge by the definition's own lists and maps", () => {
    expect(list(widget, "spec.parts")).toEqual({ kind: "map", keys: ["id", "side"] });
    expect(list(widget, "spec.labels")).toEqual({ kind: "set", keys: [] });
    expect(list(widget, "spec.steps")).toEqual({ kind: "atomic", keys: [] });
    expect(at(widget, "spec.limits").map?.kind).toBe("atomic");
    expect(list(widget, "metadata.finalizers")).toEqual({ kind: "set", keys: [] });
    expect(list(widget, "spec.template.metadata.ownerReferences")).toEqual({ kind: "map", keys: ["uid"] });
  });

  test("take undeclared fields only where the definition keeps them", () => {
    expect(at(widget, "spec").map?.others()).toBeUndefined();
    expect(at(widget, "spec.free").map?.others()).toBeDefined();
    expect(at(widget, "spec.values").map?.others()).toEqual({ scalar: "string" });
  });

  test("an unknown version is an error that names the known ones", () => {
    expect(() => schemaOfCrd(WIDGET_CRD, "v2")).toThrow(EngineError);
    try {
      schemaOfCrd(WIDGET_CRD, "v2");
    } catch (error) {
      expect(error).toMatchObject({ code: "unknown-version", hint: 'use one of: "v1"' });
    }
  });

  test("a version without a schema takes anything, its lists are one value", () => {
    const free = schemaOfCrd({ spec: { versions: [{ name: "v1" }] } }, "v1");
    const fields = fieldsOf({ spec: { a: { b: [{ name: "x" }] } } }, free);
    expect(encodeFields(fields)).toEqual({ "f:spec": { ".": {}, "f:a": { ".": {}, "f:b": {} } } });
  });
});

describe("as it is stored", () => {
  test("built-in kinds lose nulls and empty lists and maps, and get what is always there", () => {
    const service = builtin("", "v1", "Service");
    const sent: Json = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", labels: {}, annotations: null },
      spec: { ports: [], selector: {}, type: "ClusterIP", sessionAffinityConfig: {} },
    };
    expect(asStored(sent, service)).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { type: "ClusterIP", sessionAffinityConfig: {} },
      status: { loadBalancer: {} },
    });
  });

  test("is the same when stored again", () => {
    const deployment = builtin("apps", "v1", "Deployment");
    const once = asStored({ spec: { template: { spec: { containers: [{ name: "a" }] } } } }, deployment);
    expect(asStored(once, deployment)).toEqual(once);
  });

  test("custom resources stay as they were sent", () => {
    const sent: JsonObject = { spec: { labels: [], values: {}, note: null } };
    expect(asStored(sent, schemaOfCrd(WIDGET_CRD, "v1"))).toEqual(sent);
  });
});

describe("refusals", () => {
  const schema = builtin("", "v1", "ConfigMap");
  const config: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data: { a: "1" },
  };
  const apply = (over: JsonObject, live?: KubeObject) =>
    applyServerSide({ live, config: { ...config, ...over }, manager: "m", force: true, now: "", schema });

  test("name every field that does not fit, without its value", () => {
    const secret = {
      data: { a: { deep: "hidden" } },
      nonsense: 1,
      metadata: { name: 5 },
    } as unknown as JsonObject;
    try {
      apply(secret);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "invalid-config" });
      const { problems, message } = error as EngineError;
      expect(problems.map(({ object, code }) => [object, code])).toEqual([
        [".metadata.name", "wrong-type"],
        [".data.a", "wrong-type"],
        [".nonsense", "unknown-field"],
      ]);
      expect(message).toContain(".nonsense: field not declared in schema");
      expect(message).not.toContain("hidden");
    }
  });

  test("an apply may not send managedFields", () => {
    expect(() => apply({ metadata: { name: "c", managedFields: [] } })).toThrow("managedFields must be nil");
  });

  test("unreadable managedFields of the live object stop an apply, an update starts anew", () => {
    const live: KubeObject = {
      ...config,
      metadata: { name: "c", managedFields: [{ manager: "x", operation: "Merge" }] },
    };
    expect(() => apply({}, live)).toThrow(expect.objectContaining({ code: "invalid-managed-fields" }));
    const after = { ...config, data: { a: "2" } };
    expect(updateManaged({ before: live, after, manager: "m", now: "", schema }).metadata).toEqual({
      name: "c",
    });
  });
});

test("reset fields are those of the strategies of the API server", () => {
  const deployment = { group: "apps", version: "v1", kind: "Deployment" };
  expect(encodeFields(resetFields(deployment))).toEqual({ "f:status": {} });
  expect(encodeFields(resetFields(deployment, "status"))).toEqual({
    "f:metadata": { "f:labels": {} },
    "f:spec": {},
  });
  const custom = { group: "example.com", version: "v1", kind: "Widget" };
  expect(encodeFields(resetFields(custom, "status"))).toEqual({ "f:metadata": {}, "f:spec": {} });
});
