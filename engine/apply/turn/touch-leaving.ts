import pLimit from "p-limit";
import { ApiError } from "../../cluster/api-error.ts";
import { failureKind } from "../../cluster/failure-kind.ts";
import type { KubeApi, PatchStep, ResourceType } from "../../cluster/types.ts";
import { isJsonObject, type KubeObject } from "../../model/kube-object.ts";
import { allDone } from "../all-done.ts";
import type { Entry } from "../inventory/model.ts";
import { PART_OF_LABEL, TURN_ANNOTATION } from "../marks.ts";
import { resourceVersionOf, textAt, uidOf } from "../ownership.ts";
import { servedType } from "../prune/judge-object.ts";

/** Objects at a time. */
const PARALLEL = 16;
/** Times that an object is looked at anew because it changed in between. */
const ATTEMPTS = 4;

export interface TouchContext {
  readonly api: KubeApi;
  readonly applySet: string;
  /** What is written into the annotation. */
  readonly turn: number;
  readonly signal: AbortSignal;
}

/**
 * Touches each object whose deletion the inventory announces, so that a delete which another engine has still on its
 * way, for the object as it was, is refused (409). An apply that changes nothing would not raise its resourceVersion.
 * @throws where the cluster cannot be reached or may answer later, and the signal's reason
 */
export async function touchLeaving(entries: Iterable<Entry>, context: TouchContext): Promise<void> {
  const limit = pLimit(PARALLEL);
  const leaving = [...entries].filter(({ state }) => state === "leaving");
  await allDone(leaving.map((entry) => limit(() => touch(entry, context))));
}

async function touch(entry: Entry, context: TouchContext): Promise<void> {
  const type = await servedType(entry, context);
  if ("verdict" in type) return;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await touchOnce(entry, type, context);
    } catch (error) {
      const kind = failureKind(error);
      // What may not be looked at or changed may not be deleted either
      if (kind === "wrong" && error instanceof ApiError) return;
      if (kind !== "conflict" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function touchOnce(
  entry: Entry,
  type: ResourceType,
  { api, applySet, turn, signal }: TouchContext,
): Promise<void> {
  const object = await api.get(type, entry.id, signal);
  if (object === undefined) return;
  const isOurs = uidOf(object) === entry.uid || textAt(object, "labels", PART_OF_LABEL) === applySet;
  if (!isOurs) return;
  await api.jsonPatch(type, entry.id, touchPatch(object, turn), signal);
}

function touchPatch(object: KubeObject, turn: number): readonly PatchStep[] {
  const { annotations } = object.metadata;
  const has = isJsonObject(annotations);
  const path = `/metadata/annotations/${TURN_ANNOTATION.replace("/", "~1")}`;
  return [
    ...(has ? [] : [{ op: "add", path: "/metadata/annotations", value: {} } as const]),
    { op: "add", path, value: String(turn) },
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersionOf(object) },
  ];
}
