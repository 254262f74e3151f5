import { below, type FieldSet, formatPath, jsonEqual, type Managed, type Path } from "../../merge/index.ts";
import { isJsonObject, type Json, type KubeObject } from "../../model/kube-object.ts";
import { isItem, partsOf } from "./body-elements.ts";
import { type Holdings, holdingsOf, OWN_KEY } from "./holdings.ts";
import { lostFields } from "./lost-fields.ts";
import { type ForeignItems, foreignItems } from "./move-items.ts";

/** How a live object differs from what was applied. */
export interface FieldDrift {
  /** As the API server prints them: `.spec.template.spec.containers[name="web"].image`. */
  readonly fields: readonly string[];
  /** Names of the field managers that own them now; none where they are gone, as managedFields name nobody then. */
  readonly managers: readonly string[];
  readonly lost: readonly Path[];
  readonly items: readonly ForeignItems[];
  readonly holdings: Holdings;
}

/**
 * Which fields of a body another has changed, taken or removed in the live object, and who.
 * @param body as it was applied
 * @throws EngineError `invalid-managed-fields`, `invalid-fields`
 */
export function fieldDrift(body: KubeObject, live: KubeObject): FieldDrift {
  const holdings = holdingsOf(live);
  const { own, all, managed } = holdings;
  const lost = lostFields(body, own, all);
  const items = foreignItems(body, lost, holdings);
  // Whoever applies under our own name leaves our fields ours, with other values.
  const fields = lost.length > 0 ? lost : changedValues(body, live, own, all, []);
  const keys = [...ownersOf(lost, managed), ...items.map(({ manager }) => manager)];
  return {
    fields: fields.map((path) => formatPath(path)),
    managers: [...new Set(keys.map((key) => managed.get(key)?.manager ?? ""))].toSorted(),
    lost,
    items,
    holdings,
  };
}

function ownersOf(paths: readonly Path[], managed: Managed): readonly string[] {
  const others = [...managed].filter(([key]) => key !== OWN_KEY);
  return others.filter(([, { fields }]) => paths.some((path) => touches(fields, path))).map(([key]) => key);
}

/** Whether a set has the path, something below it, or something around it as a whole. */
export function touches(fields: FieldSet, path: Path): boolean {
  const [element, ...rest] = path;
  if (element === undefined) return false;
  const inside = fields.children.get(element);
  if (rest.length === 0) return inside !== undefined || fields.members.has(element);
  return inside === undefined ? fields.members.has(element) && !isItem(element) : touches(inside, rest);
}

/** The fields that we own and whose values are not those that were sent. */
function changedValues(sent: Json, live: Json | undefined, own: FieldSet, all: FieldSet, path: Path): Path[] {
  const liveParts = live === undefined ? [] : partsOf(live, all);
  return partsOf(sent, all).flatMap(({ element, value }) => {
    const here = [...path, element];
    const now = liveParts.find((part) => part.element === element)?.value;
    if (own.children.has(element))
      return changedValues(value, now, below(own, element), below(all, element), here);
    // What was sent empty is not stored, or is a map that others may fill.
    if (!own.members.has(element) || (isEmpty(value) && (isJsonObject(value) || isEmpty(now)))) return [];
    return now === undefined || !(isItem(element) || jsonEqual(value, now)) ? [here] : [];
  });
}

function isEmpty(value: Json | undefined): boolean {
  return (value ?? null) === null || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}
