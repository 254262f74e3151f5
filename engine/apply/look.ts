import { ApiError } from "../cluster/api-error.ts";
import type { KubeApi, ResourceType } from "../cluster/types.ts";
import { type KubeObject, objectIdOf, objectKey } from "../model/kube-object.ts";
import type { Item } from "./plan-apply.ts";

/** From so many objects of one kind in one namespace on, one list of metadata replaces a GET for each. */
const LIST_FROM = 5;

/** By key what a list had; undefined under a key: not there. A key that is missing was not asked for. */
export type Looked = ReadonlyMap<string, KubeObject | undefined>;

/** Looks with one list of metadata for each place where many objects of one kind must be looked for. */
export async function lookByList(
  api: KubeApi,
  type: ResourceType,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<Looked> {
  const places = [...Map.groupBy(items, (item) => item.id.namespace)];
  const crowded = places.filter(([, members]) => members.length >= LIST_FROM);
  const looked = await Promise.all(
    crowded.map(async ([namespace, members]) => {
      const objects = await listMetadata(api, type, namespace, signal);
      return objects === undefined ? [] : members.map((item) => [item.key, objects.get(item.key)] as const);
    }),
  );
  return new Map(looked.flat());
}

/** Undefined where listing is not allowed: each object is asked for by itself then. */
async function listMetadata(
  api: KubeApi,
  type: ResourceType,
  namespace: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject> | undefined> {
  const selection = { metadataOnly: true, ...(type.namespaced ? { namespace } : {}) };
  try {
    const { items } = await api.list(type, selection, signal);
    return new Map(items.map((object) => [keyAs(type, object), object]));
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}

/** Lists of metadata may name another kind (`PartialObjectMetadata`). */
function keyAs(type: ResourceType, object: KubeObject): string {
  return objectKey({ ...objectIdOf(object), group: type.group, kind: type.kind });
}
