import { type JsonObject, type KubeObject, parseApiVersion } from "../../model/kube-object.ts";
import { schemaFor } from "../schema/builtin.ts";
import { schemaOfCrd } from "../schema/crd.ts";
import { deducedSchema } from "../schema/deduced.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import type { SchemaOf } from "./document.ts";

/**
 * Finds the schemas of the objects of a layer: of built-in kinds, of those that a CustomResourceDefinition among
 * `objects` defines, and the deduced one, whose lists are all atomic, for the rest.
 */
export function schemasAmong(objects: readonly KubeObject[]): SchemaOf {
  const definitions = new Map<string, () => TypeSchema>();
  for (const object of objects) {
    if (object.kind !== "CustomResourceDefinition") continue;
    for (const [key, version] of servedKinds(object)) {
      let schema: TypeSchema | undefined;
      definitions.set(key, () => (schema ??= schemaOfCrd(object, version)));
    }
  }
  return ({ apiVersion, kind }) => {
    const builtIn = schemaFor({ ...parseApiVersion(apiVersion), kind });
    return builtIn ?? definitions.get(`${apiVersion}/${kind}`)?.() ?? deducedSchema;
  };
}

/** `apiVersion/kind` and version, of each version that a definition has. */
function servedKinds(crd: JsonObject): [string, string][] {
  const spec = asMap(crd["spec"]);
  const [group, kind] = [spec?.["group"], asMap(spec?.["names"])?.["kind"]];
  if (typeof group !== "string" || typeof kind !== "string") return [];
  return (asList(spec?.["versions"]) ?? []).flatMap((entry): [string, string][] => {
    const version = asMap(entry)?.["name"];
    return typeof version === "string" ? [[`${group}/${version}/${kind}`, version]] : [];
  });
}
