import type { MapSchema, TypeSchema } from "../schema/type-schema.ts";
import { fieldName, type PathElement } from "./path-element.ts";

/**
 * A set of paths in an object, as a tree. A path may be in the set with or without paths below it: the item of a
 * list and the fields in it are different members.
 */
export interface FieldSet {
  /** Elements that end a path of the set here. */
  readonly members: ReadonlySet<PathElement>;
  /** Elements with paths below them; none of these sets is empty. */
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

export type Path = readonly PathElement[];

interface OpenSet extends FieldSet {
  readonly members: Set<PathElement>;
  readonly children: Map<PathElement, OpenSet>;
}

export const EMPTY_SET: FieldSet = { members: new Set(), children: new Map() };

/** Collects paths; the empty path (the whole object) is never owned and is ignored. */
export class FieldSetBuilder {
  readonly #root: OpenSet = open();

  add(path: Path): void {
    const last = path.at(-1);
    if (last === undefined) return;
    let set = this.#root;
    for (const element of path.slice(0, -1)) {
      let child = set.children.get(element);
      if (child === undefined) {
        child = open();
        set.children.set(element, child);
      }
      set = child;
    }
    set.members.add(last);
  }

  /** The set of all paths added so far; nothing may be added afterwards. */
  build(): FieldSet {
    return this.#root;
  }
}

function open(): OpenSet {
  return { members: new Set(), children: new Map() };
}

export function fieldSet(paths: Iterable<Path>): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.add(path);
  return builder.build();
}

export function isEmptySet(set: FieldSet): boolean {
  return set.members.size === 0 && set.children.size === 0;
}

export function hasPath(set: FieldSet, path: Path): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return false;
  if (rest.length === 0) return set.members.has(first);
  const child = set.children.get(first);
  return child !== undefined && hasPath(child, rest);
}

/** The paths below an element, without it. */
export function below(set: FieldSet, element: PathElement): FieldSet {
  return set.children.get(element) ?? EMPTY_SET;
}

/** Paths in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const mine = children.get(element);
    children.set(element, mine === undefined ? child : union(mine, child));
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

/** Paths in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (other !== undefined) setChild(children, element, intersection(child, other));
  }
  return { members: keep(a.members, (element) => b.members.has(element)), children };
}

/** Paths of `a` that are not in `b`; a path of `b` takes nothing below it away. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    setChild(children, element, other === undefined ? child : difference(child, other));
  }
  return { members: keep(a.members, (element) => !b.members.has(element)), children };
}

/** Paths of `a` that are neither in `b` nor below a path of `b`. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    if (b.members.has(element)) continue;
    const other = b.children.get(element);
    setChild(children, element, other === undefined ? child : differenceBelow(child, other));
  }
  return { members: keep(a.members, (element) => !b.members.has(element)), children };
}

function keep(members: ReadonlySet<PathElement>, test: (element: PathElement) => boolean): Set<PathElement> {
  return new Set([...members].filter(test));
}

function setChild(children: Map<PathElement, FieldSet>, element: PathElement, child: FieldSet): void {
  if (!isEmptySet(child)) children.set(element, child);
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a.members.size !== b.members.size || a.children.size !== b.children.size) return false;
  for (const element of a.members) if (!b.members.has(element)) return false;
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (other === undefined || !equalSets(child, other)) return false;
  }
  return true;
}

/** Every path, parents before what is below them. */
export function* pathsOf(set: FieldSet, prefix: Path = []): Generator<Path> {
  for (const element of set.members) yield [...prefix, element];
  for (const [element, child] of set.children) yield* pathsOf(child, [...prefix, element]);
}

/** The set with each declared field a member that has members below it (of `spec.replicas`, `spec` too). */
export function withNamedParents(set: FieldSet, schema: TypeSchema | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const name = fieldName(element);
    if (name !== undefined && schema?.map?.field(name) !== undefined) members.add(element);
    children.set(element, withNamedParents(child, typeBelow(schema, name)));
  }
  return { members, children };
}

function typeBelow(schema: TypeSchema | undefined, name: string | undefined): TypeSchema | undefined {
  if (name === undefined) return schema?.list?.item();
  return schema?.map === undefined ? undefined : typeOfField(schema.map, name);
}

/** The type of a field, declared or not; undefined where the schema does not take it. */
export function typeOfField(map: MapSchema, name: string): TypeSchema | undefined {
  return map.field(name)?.type ?? map.others();
}
