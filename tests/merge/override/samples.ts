import { schemasAmong, type SchemaOf } from "../../../engine/merge/index.ts";
import { EngineError } from "../../../engine/model/errors.ts";
import type { Json, JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { GADGET_CRD } from "./gadget-crd.ts";

export const schemaOf: SchemaOf = schemasAmong([GADGET_CRD]);

export const object = (apiVersion: string, kind: string, body: JsonObject): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: "web", namespace: "shop" },
  ...body,
});
export const deployment = (spec: JsonObject) => object("apps/v1", "Deployment", { spec });
export const pod = (spec: JsonObject) => deployment({ template: { spec } });
export const service = (...ports: readonly Json[]) => object("v1", "Service", { spec: { ports } });
export const gadget = (spec: JsonObject) => object("example.com/v1", "Gadget", { spec });
export const env = (...vars: readonly Json[]) => pod({ containers: [{ name: "api", env: vars }] });

export function thrownBy(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
