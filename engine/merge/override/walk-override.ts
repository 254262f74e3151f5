import type { Json } from "../../model/kube-object.ts";
import { fieldElement } from "../fields/path-element.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { fieldSchema, identify, indexItems, listKindOf, type MergingList } from "./list-kind.ts";
import { ORDER, type OverridePath, RETAIN } from "./path.ts";
import {
  isBare,
  type ItemPatch,
  type ListNode,
  type MapNode,
  mapNode,
  type PatchNode,
} from "./patch-node.ts";
import { fieldIn, sameValue } from "./values.ts";

/**
 * What became, between two states of the profile, of what is around a place: `changed` where an object or list that
 * holds it is of another shape now, `gone` where a list item that holds it is no longer there.
 */
export type Surroundings = "there" | "changed" | "gone";

/** One overridden place: a part of a patch that cannot be told apart further. */
export interface OverriddenPlace {
  readonly path: OverridePath;
  /** What the patch does there, and there alone; for an order the patch of its list, whose new items it places. */
  readonly change: PatchNode;
  readonly field: FieldSchema;
  readonly base: Json | undefined;
  readonly theirs: Json | undefined;
  readonly around: Surroundings;
}

interface Place {
  readonly path: OverridePath;
  readonly field: FieldSchema;
  readonly base: Json | undefined;
  readonly theirs: Json | undefined;
  readonly around: Surroundings;
}

type Visit = (place: OverriddenPlace) => void;

/**
 * Visits each place that a patch overrides, beside what two states of the profile have there. An object that the
 * patch merges is visited field by field; a list item that neither has is one place, as it is the patch's own.
 */
export function walkOverride(node: PatchNode, place: Place, visit: Visit): void {
  if (node.kind === "map" && !isBare(node) && mergesInto(asMap, place)) walkMap(node, place, visit);
  else if (node.kind === "list" && !isBare(node) && mergesInto(asList, place)) walkList(node, place, visit);
  else visit({ ...place, change: node });
}

/** What a value is, if it is of a shape. */
type Shape = (value: Json | undefined) => Json | undefined;

/** False where the profile has something of another shape, which the patch replaces as a whole. */
function mergesInto(shape: Shape, { base, theirs }: Place): boolean {
  return base === undefined || shape(base) !== undefined || shape(theirs) !== undefined;
}

/** What is around the fields or items of a place that merges. */
function aroundBelow(shape: Shape, { base, theirs, around }: Place): Surroundings {
  const isNew = base === undefined && theirs === undefined;
  const fits = shape(theirs) === undefined ? isNew : base === undefined || shape(base) !== undefined;
  return fits ? around : changed(around);
}

function walkMap(node: MapNode, place: Place, visit: Visit): void {
  const [base, theirs] = [asMap(place.base), asMap(place.theirs)];
  const around = aroundBelow(asMap, place);
  if (node.retain !== undefined) {
    visit({ ...place, around, path: [...place.path, RETAIN], change: mapNode(new Map(), node.retain) });
  }
  for (const [name, child] of node.fields) {
    const below: Place = {
      path: [...place.path, fieldElement(name)],
      field: fieldSchema(place.field.type, name),
      base: fieldIn(base, name),
      theirs: fieldIn(theirs, name),
      around,
    };
    walkOverride(child, below, visit);
  }
}

function walkList(node: ListNode, place: Place, visit: Visit): void {
  const list = listKindOf(place.field);
  if (list.kind === "atomic") throw new Error("a patch that was read merges only lists that merge");
  const base = itemsOf(list, place.base);
  const theirs = itemsOf(list, place.theirs);
  const distinct = (base.distinct && theirs.distinct) || sameValue(place.base, place.theirs);
  const around = aroundBelow(asList, { ...place, around: distinct ? place.around : changed(place.around) });
  if (node.order !== undefined) {
    visit({ ...place, around, path: [...place.path, ORDER], change: node });
  }
  for (const [id, patch] of node.items) {
    const below: Place = {
      path: [...place.path, id],
      field: list.item,
      base: base.items.get(id),
      theirs: theirs.items.get(id),
      around,
    };
    walkItem(patch, below, visit);
  }
}

function walkItem({ where, change }: ItemPatch, place: Place, visit: Visit): void {
  if (change.kind !== "map" || (place.base === undefined && place.theirs === undefined)) {
    visit({ ...place, change });
    return;
  }
  const changes = [...change.fields].filter(([name]) => fieldIn(asMap(where), name) === undefined);
  const around = place.theirs === undefined ? "gone" : place.around;
  const changing = mapNode(new Map(changes), change.retain);
  walkOverride(changing, { ...place, around }, visit);
}

interface Items {
  readonly items: ReadonlyMap<string, Json>;
  /** False where the list is atomic: items lack their identity or share it. */
  readonly distinct: boolean;
}

function itemsOf(list: MergingList, value: Json | undefined): Items {
  const items = asList(value) ?? [];
  const index = indexItems(list, items);
  if (index !== undefined) return { items: index, distinct: true };
  const first = new Map<string, Json>();
  for (const item of items) {
    const id = identify(list, item);
    if (id !== undefined && !first.has(id)) first.set(id, item);
  }
  return { items: first, distinct: false };
}

function changed(around: Surroundings): Surroundings {
  return around === "gone" ? around : "changed";
}
