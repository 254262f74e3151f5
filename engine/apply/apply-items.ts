import type { ResourceType } from "../cluster/types.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { allDone } from "./all-done.ts";
import { isReleasedBy } from "./inventory/choose.ts";
import { listInventories } from "./inventory/cluster-inventories.ts";
import { type Accepted, type ApplyContext, type Refused, refusalOf } from "./apply-object.ts";
import { applyAgain, applyFound } from "./drift/put-back.ts";
import { lookByList, type Looked } from "./look.ts";
import { type Item, planApply } from "./plan-apply.ts";
import { isRefused, resolveType } from "./resolve-item.ts";
import type { SyncContext } from "./sync-context.ts";

/** Told of each object as soon as its outcome is known. */
export type OnOutcome = (item: Item, outcome: Accepted | Refused) => void;

/**
 * Applies objects side by side. All of them are tried, whatever becomes of one; once superseded, or where it
 * is not this engine's turn, no more are begun.
 * What is accepted is in the inventory (in memory) and among the live objects when its outcome is told.
 * @throws where the cluster cannot be reached
 */
export async function applyItems(
  items: readonly Item[],
  context: SyncContext,
  onOutcome: OnOutcome,
): Promise<void> {
  const kinds = Map.groupBy(items, (item) => `${item.id.group}/${item.version}/${item.id.kind}`);
  await allDone([...kinds.values()].map((members) => applyKind(members, context, onOutcome)));
}

async function applyKind(items: readonly Item[], context: SyncContext, onOutcome: OnOutcome): Promise<void> {
  const looked = lookTogether(items, context);
  const work = items.map((item) =>
    context.limit(async () => {
      if (context.superseded.aborted) return;
      const outcome = await applyOne(item, looked, context);
      if (outcome === undefined) return;
      if (outcome.state === "accepted") record(item, outcome, context);
      onOutcome(item, outcome);
    }),
  );
  await allDone([looked.then(noLook, noLook), ...work]);
}

/** One look for all objects of a kind that need one and stand in crowds. */
async function lookTogether(items: readonly Item[], context: SyncContext): Promise<Looked> {
  const unknown = items.filter((item) => plan(item, context) === "look" && !isInNewNamespace(item, context));
  const [first] = unknown;
  const type = first === undefined ? undefined : await resolveType(first, context);
  return type === undefined || isRefused(type)
    ? new Map()
    : lookByList(context.api, type, unknown, context.signal);
}

/** Undefined where it is not this engine's turn: nothing was sent. */
async function applyOne(
  item: Item,
  looked: Promise<Looked>,
  context: SyncContext,
): Promise<Accepted | Refused | undefined> {
  const { api, applySet, signal, store, turn } = context;
  const type = await resolveType(item, context);
  if (isRefused(type)) return type;
  const applyContext: ApplyContext = {
    api,
    type,
    applySet,
    ownDefinition: context.defined.some(({ group, kind }) => group === type.group && kind === type.kind),
    ownNamespace: context.ownNamespaces.has(item.id.namespace),
    isReleased: async (other, { key }) => isReleasedBy(await listInventories(api, signal), other, key),
    signal,
  };
  try {
    const entry = store.get(item.key);
    if (entry !== undefined && plan(item, context) !== "look") {
      return (await turn.claim(signal)) ? await applyAgain(item, entry, applyContext, context) : undefined;
    }
    const isNew = isInNewNamespace(item, context);
    const found = isNew ? undefined : await look(item, type, await looked, context);
    if (!(await turn.claim(signal))) return undefined;
    context.attempted.add(item.key);
    return await applyFound(item, found, entry, applyContext, context);
  } catch (error) {
    return refusalOf(error, item, applyContext);
  }
}

async function look(
  { key, id }: Item,
  type: ResourceType,
  looked: Looked,
  { api, signal }: SyncContext,
): Promise<KubeObject | undefined> {
  return looked.has(key) ? looked.get(key) : api.get(type, id, signal);
}

/** A look that failed is told by each object that waits for it. */
function noLook(): void {}

function record(item: Item, { object, entry, created }: Accepted, context: SyncContext): void {
  const isFresh = context.store.get(item.key)?.fresh === true;
  context.store.set(item.key, isFresh ? { ...entry, fresh: true } : entry);
  context.live.observe(object);
  context.live.settle(item.key);
  const { group, kind, name } = item.id;
  if (created && group === "" && kind === "Namespace") context.newNamespaces.add(name);
  if (kind === "CustomResourceDefinition" || kind === "APIService") context.api.discovery.invalidate();
}

function plan(item: Item, { store, live }: SyncContext): ReturnType<typeof planApply> {
  const watched = live.isWatched({ ...item.id, version: item.version });
  return planApply(item, { entry: store.get(item.key), facts: live.get(item.key), watched });
}

/** Names that the system makes in every Namespace: there is something to look at even in a new one. */
const SYSTEM_NAMES: ReadonlySet<string> = new Set(["default", "kube-root-ca.crt"]);

function isInNewNamespace({ id, key }: Item, { newNamespaces, attempted }: SyncContext): boolean {
  return newNamespaces.has(id.namespace) && !SYSTEM_NAMES.has(id.name) && !attempted.has(key);
}
