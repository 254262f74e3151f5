import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";

const text: JsonObject = { type: "string" };
const object = (properties: JsonObject): JsonObject => ({ type: "object", properties });
const list = (items: JsonObject, more: JsonObject = {}): JsonObject => ({ type: "array", items, ...more });
const keyed = (keys: readonly string[], items: JsonObject): JsonObject =>
  list(items, { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys });

const port = object({ port: { type: "integer" }, protocol: { type: "string", default: "TCP" }, note: text });
/** A part holds parts of its own, this many deep. */
export const GADGET_DEPTH = 2;

function part(depth: number): JsonObject {
  return object({
    id: text,
    size: { type: "integer" },
    tags: list(text, { "x-kubernetes-list-type": "set" }),
    ports: keyed(["port", "protocol"], port),
    steps: list(object({ run: text })),
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    ...(depth === 0 ? {} : { parts: keyed(["id"], part(depth - 1)) }),
  });
}

/** A custom resource with lists of each kind inside each other, several deep. */
export const GADGET_CRD: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Gadget", plural: "gadgets" },
    versions: [
      {
        name: "v1",
        schema: {
          openAPIV3Schema: object({
            spec: object({
              size: { type: "integer" },
              parts: keyed(["id"], part(GADGET_DEPTH)),
              byName: { type: "object", additionalProperties: part(GADGET_DEPTH) },
              labels: list(text, { "x-kubernetes-list-type": "set" }),
              steps: list(object({ run: text })),
              values: { type: "object", additionalProperties: text },
              free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            }),
          }),
        },
      },
    ],
  },
};
