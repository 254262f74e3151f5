import type { JsonObject } from "../../../engine/model/kube-object.ts";

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: "object", properties, ...more });

/** A custom resource with each kind of list and map. */
export const WIDGET_CRD: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.merge.test.strata.dev" },
  spec: {
    group: "merge.test.strata.dev",
    names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: object({
            spec: object({
              size: { type: "integer" },
              note: { type: "string", nullable: true },
              mode: { type: "string", default: "fast" },
              parts: {
                type: "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["id", "side"],
                items: object(
                  {
                    id: { type: "integer" },
                    side: { type: "string", default: "left" },
                    colour: { type: "string" },
                    tags: { type: "array", items: { type: "string" } },
                  },
                  { required: ["id"] },
                ),
              },
              labels: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
              steps: { type: "array", items: object({ run: { type: "string" } }) },
              limits: object({ low: { type: "integer" }, high: { type: "integer" } }, { "x-kubernetes-map-type": "atomic" }),
              values: { type: "object", additionalProperties: { type: "string" } },
              free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              port: { "x-kubernetes-int-or-string": true },
              template: {
                type: "object",
                "x-kubernetes-embedded-resource": true,
                "x-kubernetes-preserve-unknown-fields": true,
              },
            }),
            status: object({ phase: { type: "string" } }),
          }),
        },
      },
    ],
  },
};
