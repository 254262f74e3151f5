import { type JsonObject, type KubeObject, objectIdOf } from "../model/kube-object.ts";
import { asList, asMap } from "./json-parts.ts";

/** A kind that a rendered CustomResourceDefinition defines. */
export interface DefinedKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export function isDefinition(object: { readonly group: string; readonly kind: string }): boolean {
  return object.group === "apiextensions.k8s.io" && object.kind === "CustomResourceDefinition";
}

/** What a CustomResourceDefinition defines; undefined where it is not well formed (the server says how). */
export function definedKind(definition: KubeObject): DefinedKind | undefined {
  const spec = asMap(definition.spec);
  const names = asMap(spec.names);
  const { group } = spec;
  const { kind, plural } = names;
  if (typeof group !== "string" || typeof kind !== "string" || typeof plural !== "string") return undefined;
  return { group, kind, plural, namespaced: spec.scope !== "Cluster" };
}

/** What the objects of a render bring for others of it: kinds, and Namespaces by name. */
export function broughtBy(objects: readonly KubeObject[]): {
  readonly defined: readonly DefinedKind[];
  readonly ownNamespaces: ReadonlySet<string>;
} {
  const definitions = objects.filter((object) => isDefinition(objectIdOf(object))).map(definedKind);
  const namespaces = objects.filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Namespace");
  return {
    defined: definitions.filter((kind) => kind !== undefined),
    ownNamespaces: new Set(namespaces.map((object) => object.metadata.name)),
  };
}

/** A Service that an APIService or a webhook configuration calls. */
export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

/** The Services that must answer before the server can use this object: those of an APIService or a webhook configuration. */
export function calledServices(object: KubeObject): readonly ServiceRef[] {
  const clients =
    object.kind === "APIService"
      ? [asMap(object.spec)]
      : webhooksOf(object).map((hook) => asMap(hook.clientConfig));
  const refs = clients.map((client) => asMap(client.service)).flatMap(serviceRef);
  const unique = new Map(refs.map((ref) => [`${ref.namespace}/${ref.name}`, ref]));
  return [...unique.values()];
}

/** The API groups of which something goes through this object: an APIService's own, those in the rules of webhooks. */
export function guardedGroups(object: KubeObject): readonly string[] {
  if (object.kind === "APIService") {
    const { group } = asMap(object.spec);
    return typeof group === "string" ? [group] : [];
  }
  const rules = webhooksOf(object).flatMap((hook) => asList(hook.rules).map(asMap));
  return [
    ...new Set(rules.flatMap((rule) => asList(rule.apiGroups)).filter((group) => typeof group === "string")),
  ];
}

function serviceRef(service: JsonObject): ServiceRef[] {
  const { namespace, name } = service;
  return typeof namespace === "string" && typeof name === "string" ? [{ namespace, name }] : [];
}

function webhooksOf(object: KubeObject): readonly JsonObject[] {
  return asList(object.webhooks).map(asMap);
}
