import type { PatchStep } from "../../cluster/types.ts";
import {
  below,
  difference,
  EMPTY_SET,
  type FieldSet,
  isEmptySet,
  type ManagedEntry,
  type Path,
  type PathElement,
  union,
} from "../../merge/index.ts";
import type { Json, KubeObject } from "../../model/kube-object.ts";
import { isItem, type Part, partsOf } from "./body-elements.ts";
import { entriesPatch, type Holdings, isOfMain, OWN_KEY } from "./holdings.ts";

/** Items of one keyed list that an `Update` manager owns and we do not send. */
export interface ForeignItems {
  readonly list: Path;
  /** Key of the manager's entry. */
  readonly manager: string;
  readonly fields: FieldSet;
}

/**
 * The items that took the place of ours: in each keyed list of which we lost an item, those of `Update` managers that
 * the body lacks. Where someone changed the key of an item (`containerPort` 80 to 81) this is the changed one.
 */
export function foreignItems(
  body: KubeObject,
  lost: readonly Path[],
  { managed, all }: Holdings,
): readonly ForeignItems[] {
  const lists = new Map(
    lost.filter(endsInItem).map((path) => [path.slice(0, -1).join("\n"), path.slice(0, -1)]),
  );
  return [...lists.values()].flatMap((list) => {
    const sent = new Set(sentElements(body, list, all));
    return [...managed].flatMap(([manager, entry]) => {
      const fields = isUpdate(entry) ? itemsOf(entry.fields, list, sent) : EMPTY_SET;
      return isEmptySet(fields) ? [] : [{ list, manager, fields }];
    });
  });
}

/**
 * Moves items into our entry, so that the next apply, which lacks them, removes them: a plain apply would leave a
 * container with both ports, and of a Service it would be refused.
 */
export function moveItemsPatch(
  object: KubeObject,
  items: readonly ForeignItems[],
  { managed }: Holdings,
): readonly PatchStep[] {
  const own = managed.get(OWN_KEY);
  if (own === undefined) return [];
  const moved = new Map(managed);
  for (const { manager, fields } of items) {
    const from = moved.get(manager);
    if (from === undefined) continue;
    const left = difference(from.fields, fields);
    if (isEmptySet(left)) moved.delete(manager);
    else moved.set(manager, { ...from, fields: left });
  }
  moved.set(OWN_KEY, { ...own, fields: items.map(({ fields }) => fields).reduce(union, own.fields) });
  return entriesPatch(object, moved);
}

function endsInItem(path: Path): boolean {
  return isItem(path.at(-1) ?? "");
}

function isUpdate(entry: ManagedEntry): boolean {
  return entry.operation === "Update" && isOfMain(entry);
}

/** The elements of the items that the body has in a list. */
function sentElements(body: KubeObject, list: Path, all: FieldSet): readonly PathElement[] {
  let value: Json = body;
  let owned = all;
  for (const element of list) {
    const part: Part | undefined = partsOf(value, owned).find((one) => one.element === element);
    if (part === undefined) return [];
    value = part.value;
    owned = below(owned, element);
  }
  return partsOf(value, owned).map(({ element }) => element);
}

/** Of a set, the items of one list, with all inside them, that are not `except`. */
function itemsOf(fields: FieldSet, list: Path, except: ReadonlySet<PathElement>): FieldSet {
  const [element, ...rest] = list;
  if (element !== undefined) {
    const inside = itemsOf(below(fields, element), rest, except);
    return isEmptySet(inside) ? EMPTY_SET : { members: new Set(), children: new Map([[element, inside]]) };
  }
  const wanted = (item: PathElement) => isItem(item) && !except.has(item);
  return {
    members: new Set([...fields.members].filter(wanted)),
    children: new Map([...fields.children].filter(([item]) => wanted(item))),
  };
}
