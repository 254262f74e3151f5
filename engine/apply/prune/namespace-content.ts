import { ApiError } from "../../cluster/api-error.ts";
import type { KubeApi, ResourceType } from "../../cluster/types.ts";
import {
  describeId,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  objectIdOf,
  objectKey,
} from "../../model/kube-object.ts";
import { asList } from "../json-parts.ts";
import { PART_OF_LABEL } from "../marks.ts";
import { isTerminating, ownership, textAt, uidOf } from "../ownership.ts";

/** One object in a Namespace: its kind as served, and its metadata. */
export interface Content {
  readonly type: ResourceType;
  readonly object: KubeObject;
}

/**
 * What a complete look at a Namespace found.
 * - `empty`: nothing but what the system makes, and what objects already gone owned.
 * - `ending`: the rest is being deleted; look again.
 * - `held`: `by` these it is used.
 * - `unknown`: the look was not complete.
 */
export type NamespaceContent =
  | { readonly state: "empty" }
  | { readonly state: "ending" | "held"; readonly by: readonly string[] }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * Looks at every kind of object in a Namespace. One list that fails makes the look incomplete.
 * @param leaving keys of objects that count as gone already
 */
export async function lookIntoNamespace(
  namespace: string,
  {
    api,
    applySet,
    leaving,
    signal,
  }: {
    readonly api: KubeApi;
    readonly applySet: string;
    readonly leaving: ReadonlySet<string>;
    readonly signal: AbortSignal;
  },
): Promise<NamespaceContent> {
  try {
    const { types, unknown } = await api.discovery.catalogue(signal);
    const [hidden] = unknown;
    if (hidden !== undefined) return { state: "unknown", reason: `${hidden.group}: ${hidden.reason}` };
    const stored = types.filter((type) => type.namespaced && holdsObjects(type));
    const lists = await Promise.all(
      stored.map(async (type) => {
        const { items } = await api.list(type, { namespace, metadataOnly: true }, signal);
        return items.map((object): Content => ({ type, object }));
      }),
    );
    return judgeContent(
      lists.flat().filter((content) => !leaving.has(keyOf(content))),
      new Set(types.filter((type) => !type.namespaced).map(kindOf)),
      applySet,
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { state: "unknown", reason: error.message };
  }
}

/** A kind that is only computed (metrics, reviews) has nothing that a Namespace could take along. */
function holdsObjects(type: ResourceType): boolean {
  return type.verbs.includes("list") && type.verbs.includes("delete");
}

/**
 * Judges everything that is in a Namespace.
 * @param clusterScoped `group/kind` of the kinds whose objects are outside of every Namespace
 */
export function judgeContent(
  contents: readonly Content[],
  clusterScoped: ReadonlySet<string>,
  applySet: string,
): NamespaceContent {
  const left = leftBehind(contents, clusterScoped);
  const rest = contents.filter(
    (content) => !isSystemMade(content, applySet) && !left.has(uidOf(content.object)),
  );
  if (rest.length === 0) return { state: "empty" };
  const ending = endingUids(rest, applySet);
  const holding = rest.filter(({ object }) => !ending.has(uidOf(object)));
  return holding.length === 0
    ? { state: "ending", by: rest.map(describe) }
    : { state: "held", by: holding.map(describe) };
}

const SYSTEM_MADE: ReadonlySet<string> = new Set(["/ConfigMap/kube-root-ca.crt", "/ServiceAccount/default"]);

function isSystemMade({ type, object }: Content, applySet: string): boolean {
  if (type.kind === "Event" && (type.group === "" || type.group === "events.k8s.io")) return true;
  const isOurs = ownership(object, applySet).owner !== "nobody";
  return !isOurs && SYSTEM_MADE.has(`${type.group}/${type.kind}/${object.metadata.name}`);
}

/**
 * What the garbage collector takes: objects all of whose owners are gone, and in turn what those own (the Pods of a
 * ReplicaSet whose Deployment is gone). Owners are in the same Namespace, or cluster-scoped.
 */
function leftBehind(contents: readonly Content[], clusterScoped: ReadonlySet<string>): ReadonlySet<string> {
  const present = new Set(contents.map(({ object }) => uidOf(object)));
  const left = new Set<string>();
  const isGone = (owner: JsonObject) =>
    typeof owner.uid === "string" &&
    (left.has(owner.uid) || (!present.has(owner.uid) && !isOutside(owner, clusterScoped)));
  let before = -1;
  while (before !== left.size) {
    before = left.size;
    for (const { object } of contents) {
      const owners = ownersOf(object);
      if (owners.length > 0 && owners.every(isGone)) left.add(uidOf(object));
    }
  }
  return left;
}

function isOutside(owner: JsonObject, clusterScoped: ReadonlySet<string>): boolean {
  const group =
    typeof owner.apiVersion === "string" ? owner.apiVersion.split("/").slice(0, -1).join("/") : "";
  return typeof owner.kind === "string" && clusterScoped.has(`${group}/${owner.kind}`);
}

/** What is being deleted, what it owns, and what only copies our label (a Service's Endpoints go with it). */
function endingUids(contents: readonly Content[], applySet: string): ReadonlySet<string> {
  const ending = new Set<string>();
  let before = -1;
  while (before !== ending.size) {
    before = ending.size;
    for (const { object } of contents) {
      const owners = ownersOf(object);
      const isCopy =
        textAt(object, "labels", PART_OF_LABEL) === applySet &&
        ownership(object, applySet).owner === "nobody";
      const goesWithOwner =
        owners.length > 0 && owners.every(({ uid }) => typeof uid === "string" && ending.has(uid));
      if (isTerminating(object) || isCopy || goesWithOwner) ending.add(uidOf(object));
    }
  }
  return ending;
}

function ownersOf(object: KubeObject): readonly JsonObject[] {
  return asList(object.metadata.ownerReferences).filter(isJsonObject);
}

function keyOf({ type: { group, kind }, object }: Content): string {
  return objectKey({ ...objectIdOf(object), group, kind });
}

function kindOf(type: ResourceType): string {
  return `${type.group}/${type.kind}`;
}

function describe({ type, object }: Content): string {
  return describeId({ group: type.group, kind: type.kind, namespace: "", name: object.metadata.name });
}
