import pLimit from "p-limit";
import { ApiError } from "../cluster/api-error.ts";
import { EVERY_GROUP } from "../cluster/discovery.ts";
import { failureKind } from "../cluster/failure-kind.ts";
import type { KubeApi, ResourceType } from "../cluster/types.ts";
import { EngineError } from "../model/errors.ts";
import { type KubeObject, objectIdOf, parseApiVersion } from "../model/kube-object.ts";
import type { Entry } from "./inventory/model.ts";
import { isOwnApplyEntry, managedEntries } from "./live-digest.ts";
import { PART_OF_LABEL } from "./marks.ts";
import { ownership, uidOf } from "./ownership.ts";

/** Lists at a time: few, as each takes a connection, and a fleet may look into all its clusters at once. */
const PARALLEL = 4;

/**
 * The entries of a lost inventory: every object in the cluster that carries our label and an Apply entry of ours.
 * A kind that may not be listed is left out: what is there stays, and nothing of it is ever pruned.
 * @throws where the cluster does not answer, or may answer later (nothing is concluded from half a look)
 */
export async function findLabelled(
  api: KubeApi,
  applySet: string,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const { types, unknown } = await api.discovery.catalogue(signal);
  const blind = unknown.find(({ group }) => group === "" || group === EVERY_GROUP);
  if (blind !== undefined) throw unknownKinds(blind.reason);
  const limit = pLimit(PARALLEL);
  const listable = types.filter((type) => type.verbs.includes("list") && type.verbs.includes("patch"));
  const found = await Promise.all(
    listable.map((type) =>
      limit(async () => entriesOf(type, await listLabelled(api, type, applySet, signal), applySet)),
    ),
  );
  return found.flat();
}

function unknownKinds(reason: string): EngineError {
  return new EngineError("kind-unknown", `what the cluster serves cannot be told: ${reason}`, {
    retryable: true,
  });
}

async function listLabelled(
  api: KubeApi,
  type: ResourceType,
  applySet: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const labelSelector = `${PART_OF_LABEL}=${applySet}`;
  try {
    return (await api.list(type, { labelSelector, metadataOnly: true }, signal)).items;
  } catch (error) {
    if (error instanceof ApiError && failureKind(error) === "wrong") return [];
    throw error;
  }
}

/** An object that is served in two groups is taken in the group at which it was applied. */
function entriesOf(type: ResourceType, objects: readonly KubeObject[], applySet: string): readonly Entry[] {
  return objects.flatMap((object): Entry[] => {
    const owned = ownership(object, applySet);
    const applied = managedEntries(object).find(isOwnApplyEntry)?.apiVersion;
    if (owned.owner !== "ours" || typeof applied !== "string") return [];
    const { group, version } = parseApiVersion(applied);
    if (group !== type.group) return [];
    const id = { ...objectIdOf(object), group, kind: type.kind };
    const { adopted } = owned;
    return [{ id, state: "wanted", version, uid: uidOf(object), sent: "", live: "", layer: "", adopted }];
  });
}
