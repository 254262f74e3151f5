import { EngineError } from "../../model/errors.ts";
import { describeId, type Json, type KubeObject, objectIdOf } from "../../model/kube-object.ts";
import type { Ignored } from "../../model/profile.ts";
import type { Path } from "../fields/field-set.ts";
import { fieldElement, fieldName, type PathElement } from "../fields/path-element.ts";
import type { FieldSchema, TypeSchema } from "../schema/type-schema.ts";
import { asMap } from "../typed/shape.ts";
import type { SchemaOf } from "./document.ts";
import { fieldSchema, identify, listKindOf } from "./list-kind.ts";
import { formatOverridePath, ORDER, parseOverridePath, RETAIN } from "./path.ts";
import { putValue, valueAt } from "./value-at.ts";

/** Whether an entry of a layer's `ignore` is about an object; what it leaves out, it does not ask for. */
export function isIgnoredIn({ object: wanted }: Ignored, object: KubeObject): boolean {
  const { group, kind, name, namespace } = objectIdOf(object);
  return (
    kind === wanted.kind &&
    (wanted.group ?? group) === group &&
    (wanted.name ?? name) === name &&
    (wanted.namespace ?? namespace) === (namespace === "" ? "default" : namespace)
  );
}

/**
 * The places of an object that a layer ignores, as managedFields name them. Entries that fit no object of its kind are
 * left out: `ignoredPath` says why.
 */
export function ignoredPaths(
  object: KubeObject,
  ignore: readonly Ignored[],
  schemaOf: SchemaOf,
): readonly Path[] {
  return ignore
    .filter((entry) => isIgnoredIn(entry, object))
    .flatMap(({ path }) => {
      try {
        return ignoredPath(path, object, schemaOf(object));
      } catch (error) {
        if (error instanceof EngineError) return [];
        throw error;
      }
    });
}

/**
 * One place of an object, with the keys of list items as managedFields have them, defaults included. A place in the
 * `data` of a Secret is also that in its `stringData`. Throws `path-invalid` where the text is no path, or leads to
 * what names the object or into what is one value.
 */
export function ignoredPath(text: string, object: KubeObject, schema: TypeSchema): readonly Path[] {
  const path = resolve(parseOverridePath(text), { type: schema }, object);
  const [first, ...rest] = path;
  const isSecret = object.apiVersion === "v1" && object.kind === "Secret";
  if (!isSecret || !SECRET_DATA.some((name) => fieldElement(name) === first)) return [path];
  return SECRET_DATA.map((name) => [fieldElement(name), ...rest]);
}

/** The object without what is at these places. */
export function withoutPaths(object: KubeObject, paths: readonly Path[], schema: TypeSchema): KubeObject {
  const left = paths.reduce<Json | undefined>(
    (value, path) => putValue(value, path, undefined, { type: schema }),
    object,
  );
  return left as KubeObject; // no path leads to what makes it one
}

/**
 * The object with what is at these places in the live one. Inside of a list item that the live one does not have, it
 * stays as it is.
 */
export function withLivePaths(
  object: KubeObject,
  live: KubeObject,
  paths: readonly Path[],
  schema: TypeSchema,
): KubeObject {
  const field = { type: schema };
  const next = paths.reduce<Json | undefined>((value, path) => {
    const found = valueAt(live, path, field);
    if (found.state === "no-item") return value;
    return putValue(value, path, found.state === "found" ? found.value : undefined, field);
  }, object);
  return next as KubeObject; // no path leads to what makes it one
}

const SECRET_DATA = ["data", "stringData"];

/** Where a path leads to what names the object, or is the server's own. */
const RESERVED: ReadonlySet<string> = new Set([
  "",
  "apiVersion",
  "kind",
  "metadata",
  "metadata.name",
  "metadata.namespace",
  "status",
]);

function resolve(path: Path, root: FieldSchema, object: KubeObject): Path {
  const text = formatOverridePath(path);
  if (RESERVED.has(text)) throw unfit(text, "the whole object, its name or its status cannot be ignored");
  const resolved: PathElement[] = [];
  let field = root;
  let keys: readonly string[] = [];
  for (const element of path) {
    const whole = formatOverridePath(resolved);
    const name = fieldName(element);
    if (element === ORDER || element === RETAIN) throw unfit(text, `${name} is no value of an object`);
    if (name !== undefined) {
      if (field.type.map === undefined || field.type.map.kind === "atomic")
        throw oneValue(text, whole, object);
      if (keys.includes(name)) throw unfit(text, `${name} says which item it is`);
      resolved.push(element);
      field = fieldSchema(field.type, name);
      keys = [];
      continue;
    }
    const list = listKindOf(field);
    if (list.kind === "atomic") throw oneValue(text, whole, object);
    keys = list.kind === "keyed" ? list.keys : [];
    const item = JSON.parse(element.slice(2)) as Json; // a path element holds what was written into it
    const id = identify(list, item);
    if (id === undefined || Object.keys(asMap(item) ?? {}).some((key) => !keys.includes(key)))
      throw unfit(text, `the items of ${whole} are known by ${keys.join(", ") || "their value"}`);
    resolved.push(id);
    field = list.item;
  }
  return resolved;
}

function oneValue(path: string, whole: string, object: KubeObject): EngineError {
  const message = `${whole} of ${describeId(objectIdOf(object))} is one value, whatever is in it`;
  return new EngineError("path-invalid", message, {
    hint: `ignore ${whole}, or bring the definition of its kind in a layer of the profile`,
    object: path,
  });
}

function unfit(path: string, message: string): EngineError {
  return new EngineError("path-invalid", `${path === "" ? "an empty path" : path}: ${message}`, {
    hint: "see docs/drift.md for what can be ignored",
  });
}
