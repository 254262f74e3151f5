import type { KubeApi, Resolution, ResourceType } from "../cluster/types.ts";
import type { SchemaOf } from "../merge/index.ts";
import type { DesiredObject } from "../model/desired.ts";
import { describeId, objectIdOf, objectKey, parseApiVersion } from "../model/kube-object.ts";
import type { Refused } from "./apply-object.ts";
import type { DefinedKind } from "./definitions.ts";
import { standingBody } from "./initial-values.ts";
import { normalise, type NormaliseOptions, sentDigest } from "./normalise.ts";
import type { Item } from "./plan-apply.ts";

export interface ResolveContext {
  readonly api: KubeApi;
  readonly applySet: string;
  /** `profile/layer`. */
  readonly layer: string;
  /** Of the objects of this cluster directory. */
  readonly schemaOf: SchemaOf;
  /** The kinds that CRDs of this cluster directory define. */
  readonly defined: readonly DefinedKind[];
  readonly signal: AbortSignal;
}

/**
 * What is sent for a rendered object. Its scope comes from the cluster, or from the CRD that brings its kind.
 * @returns the item, or why its scope cannot be known (yet)
 */
export async function resolveItem(desired: DesiredObject, context: ResolveContext): Promise<Item | Refused> {
  const { object } = desired;
  const { group, version } = parseApiVersion(object.apiVersion);
  const found = await context.api.discovery.resolve({ group, kind: object.kind, version }, context.signal);
  const own = context.defined.find((kind) => kind.group === group && kind.kind === object.kind);
  if (found.state !== "served" && own === undefined) return unresolved(desired, found);
  const namespaced = found.state === "served" ? found.type.namespaced : own?.namespaced === true;
  return itemOf(desired, { ...context, namespaced });
}

/** What is sent for a rendered object whose scope is known. */
export function itemOf(
  { object, place, ignored }: DesiredObject,
  context: NormaliseOptions & Pick<ResolveContext, "layer" | "schemaOf">,
): Item {
  const { applySet, namespaced, layer, schemaOf } = context;
  const whole = normalise(object, { applySet, namespaced });
  const paths = ignored ?? [];
  const initial = paths.length === 0 ? undefined : { paths, body: whole, schema: schemaOf(whole) };
  const body = initial === undefined ? whole : standingBody(initial);
  const id = objectIdOf(whole);
  const { version } = parseApiVersion(whole.apiVersion);
  const item = { key: objectKey(id), id, version, body, digest: sentDigest(body), layer, place };
  return initial === undefined ? item : { ...item, initial };
}

/** The kind of an item as the cluster serves it at the item's version, or why it does not (yet). */
export async function resolveType(
  item: Item,
  { api, defined, signal }: Pick<ResolveContext, "api" | "defined" | "signal">,
): Promise<ResourceType | Refused> {
  const { group, kind } = item.id;
  const found = await api.discovery.resolve({ group, kind, version: item.version }, signal);
  if (found.state === "served") return found.type;
  const refused = unresolved({ object: item.body, place: item.place }, found);
  const own = defined.some((defines) => defines.group === group && defines.kind === kind);
  return own ? { ...refused, state: "not-yet" } : refused;
}

export function isRefused(value: Item | ResourceType | Refused): value is Refused {
  return "problem" in value;
}

function unresolved(
  { object, place }: DesiredObject,
  found: Exclude<Resolution, { state: "served" }>,
): Refused {
  const at = { ...place, object: describeId(objectIdOf(object)) };
  const kind = `${object.kind} (${object.apiVersion})`;
  switch (found.state) {
    case "unknown": {
      const message = `whether the cluster serves ${kind} cannot be told: ${found.reason}`;
      return { state: "not-yet", problem: { ...at, code: "kind-unknown", message, severity: "error" } };
    }
    case "version-gone": {
      const message = `the cluster does not serve ${kind}, but ${found.servedVersions.join(", ")}`;
      const hint = "write the object at a version that is served";
      return {
        state: "wrong",
        problem: { ...at, code: "version-not-served", message, hint, severity: "error" },
      };
    }
    case "gone": {
      const message = `the cluster does not serve ${kind}`;
      const hint = "add the CustomResourceDefinition that defines it to a layer before this one";
      return {
        state: "wrong",
        problem: { ...at, code: "kind-not-served", message, hint, severity: "error" },
      };
    }
  }
}
