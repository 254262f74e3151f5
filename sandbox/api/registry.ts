import { deducedSchema, schemaFor, schemaOfCrd } from "../../engine/merge/index.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, listAt, textAt } from "../store/parts.ts";
import type { Store } from "../store/store.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { BUILTIN, type BuiltinKind } from "./builtin-kinds.ts";
import { compareVersions } from "./version-priority.ts";

export const CRD_RESOURCE = "apiextensions.k8s.io/customresourcedefinitions";

/** Every kind that is served: the built-in ones and those of stored CRDs. */
export class Registry {
  readonly #builtin = BUILTIN.map(defineBuiltin);
  readonly #store: Store;
  #custom: readonly ResourceDefinition[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.#readCrds();
    store.subscribe(({ resource }) => {
      if (resource === CRD_RESOURCE) this.#readCrds();
    });
  }

  all(): readonly ResourceDefinition[] {
    return [...this.#builtin, ...this.#custom];
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.all().find((one) => one.group === group && one.version === version && one.plural === plural);
  }

  byKind(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return this.all().find((one) => groupVersion(one) === apiVersion && one.kind === kind);
  }

  #readCrds(): void {
    this.#custom = this.#store.list(CRD_RESOURCE).flatMap(defineCustom);
  }
}

export function groupVersion({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string {
  return group === "" ? version : `${group}/${version}`;
}

function defineBuiltin(kind: BuiltinKind): ResourceDefinition {
  const { group, version, kind: name } = kind;
  return { ...kind, schema: schemaFor({ group, version, kind: name }) ?? deducedSchema, preferred: true };
}

/**
 * A CRD serves its kinds from the moment it is established, which here is at once, until it is gone: while it ends, its
 * objects must be seen and let go.
 */
function defineCustom(crd: KubeObject): ResourceDefinition[] {
  const names = mapAt(crd, "spec", "names");
  const versions = mapsAt(crd, "spec", "versions")
    .filter((version) => version.served === true)
    .sort((a, b) => compareVersions(textAt(a, "name"), textAt(b, "name")));
  return versions.map((version, index) => ({
    group: textAt(crd, "spec", "group"),
    version: textAt(version, "name"),
    kind: textAt(names, "kind"),
    plural: textAt(names, "plural"),
    singular: textAt(names, "singular"),
    shortNames: strings(listAt(names, "shortNames")),
    categories: strings(listAt(names, "categories")),
    namespaced: textAt(crd, "spec", "scope") === "Namespaced",
    subresources: Object.keys(mapAt(version, "subresources")),
    schema: schemaOfCrd(crd, textAt(version, "name")),
    preferred: index === 0,
    columns: mapsAt(version, "additionalPrinterColumns"),
    openApi: mapAt(version, "schema", "openAPIV3Schema"),
  }));
}

function strings(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === "string");
}
