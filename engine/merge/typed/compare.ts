import type { Json } from "../../model/kube-object.ts";
import { type FieldSet, FieldSetBuilder, type Path, typeOfField } from "../fields/field-set.ts";
import { fieldElement, type PathElement } from "../fields/path-element.ts";
import type { ListSchema, MapSchema, TypeSchema } from "../schema/type-schema.ts";
import { jsonEqual } from "./json-equal.ts";
import { itemElement } from "./list-item.ts";
import { asList, asMap, type Shape, shapeOf } from "./shape.ts";

/** What makes `after` of `before`; no path is in two of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  /** Leaves that both have, with different values. */
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

/** Compares two values of one schema, both valid for it. */
export function compare(before: Json, after: Json, schema: TypeSchema): Comparison {
  const comparer = new Comparer();
  comparer.visit(before, after, schema, []);
  return {
    removed: comparer.removed.build(),
    modified: comparer.modified.build(),
    added: comparer.added.build(),
  };
}

type Side = Json | undefined;

class Comparer {
  readonly removed = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly added = new FieldSetBuilder();

  /** One of the sides may be undefined: absent. */
  visit(before: Side, after: Side, schema: TypeSchema, path: Path): void {
    const shapeBefore = shapeOf(schema, before);
    const shapeAfter = shapeOf(schema, after);
    let isLeaf: boolean;
    if (after === undefined) isLeaf = this.#as(shapeBefore, before, after, path);
    else {
      const other = before !== undefined && shapeBefore.kind !== shapeAfter.kind;
      if (other) this.#as(shapeBefore, before, after, path);
      isLeaf = this.#as(shapeAfter, before, after, path);
    }
    if (isLeaf) return;
    if (before === undefined) this.added.add(path);
    else if (after === undefined) this.removed.add(path);
  }

  /** Compares as one shape; a side that has another counts as absent inside. True where it is a leaf. */
  #as(shape: Shape, before: Side, after: Side, path: Path): boolean {
    if (shape.kind === "map") {
      const [left, right] = [asMap(before), asMap(after)];
      const empty = Object.keys(left ?? {}).length === 0 && Object.keys(right ?? {}).length === 0;
      if (shape.map.kind === "atomic" || empty) return this.#leaf(before, after, path);
      this.#maps(left ?? {}, right ?? {}, shape.map, path);
      return false;
    }
    if (shape.kind === "list") {
      const [left, right] = [asList(before) ?? [], asList(after) ?? []];
      const empty = left.length === 0 && right.length === 0;
      if (shape.list.kind === "atomic" || empty) return this.#leaf(before, after, path);
      this.#lists(left, right, shape.list, path);
      return false;
    }
    return this.#leaf(before, after, path);
  }

  #leaf(before: Side, after: Side, path: Path): true {
    if (before === undefined) this.added.add(path);
    else if (after === undefined) this.removed.add(path);
    else if (!jsonEqual(before, after)) this.modified.add(path);
    return true;
  }

  #maps(
    before: Readonly<Record<string, Json>>,
    after: Readonly<Record<string, Json>>,
    schema: MapSchema,
    path: Path,
  ) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const type = typeOfField(schema, name);
      if (type === undefined) continue;
      this.visit(own(before, name), own(after, name), type, [...path, fieldElement(name)]);
    }
  }

  #lists(before: readonly Json[], after: readonly Json[], schema: ListSchema, path: Path): void {
    const left = Map.groupBy(before, (item) => itemElement(schema, item));
    const right = Map.groupBy(after, (item) => itemElement(schema, item));
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      this.#items(left.get(element) ?? [], right.get(element) ?? [], schema, [...path, element]);
    }
  }

  /** Items of one key on each side. More than one on a side are known only as a whole. */
  #items(
    before: readonly Json[],
    after: readonly Json[],
    schema: ListSchema,
    path: readonly PathElement[],
  ): void {
    if (before.length > 1 && after.length > 1) {
      if (!jsonEqual(before, after)) this.modified.add(path);
    } else if (before.length > 1) {
      if (after.length === 1) this.visit(undefined, after[0], schema.item(), path);
      this.removed.add(path);
    } else if (after.length > 1) {
      if (before.length === 1) this.visit(before[0], undefined, schema.item(), path);
      this.added.add(path);
    } else {
      this.visit(before[0], after[0], schema.item(), path);
    }
  }
}

function own(map: Readonly<Record<string, Json>>, name: string): Side {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
