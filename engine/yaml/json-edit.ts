import { EngineError } from "../model/errors.ts";
import { isJsonObject, type Json } from "../model/kube-object.ts";

export type Path = readonly (string | number)[];

/** One change of a document. `set` makes missing parents, `remove` of what is not there does nothing, `append` makes a missing list. */
export type Edit =
  | { readonly op: "set"; readonly path: Path; readonly value: Json }
  | { readonly op: "remove"; readonly path: Path }
  | { readonly op: "append"; readonly path: Path; readonly value: Json };

/** The value at a path; undefined where there is none. */
export function valueAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root;
  for (const part of path) {
    if (Array.isArray(value) && typeof part === "number") value = (value as readonly Json[])[part];
    else if (isJsonObject(value) && Object.hasOwn(value, part)) value = value[String(part)];
    else return undefined;
  }
  return value;
}

/**
 * What an edit makes of a value: the law that edits of text must keep.
 * Throws `yaml-edit-impossible` where the path leads through a scalar or behind the end of a list.
 */
export function editJson(root: Json, edit: Edit): Json {
  if (edit.op === "set") return setAt(root, edit.path, edit.value, edit.path);
  if (edit.op === "remove") return removeAt(root, edit.path);
  const list = valueAt(root, edit.path) ?? [];
  if (!Array.isArray(list)) throw impossible(edit.path, "is no list");
  return setAt(root, edit.path, [...(list as readonly Json[]), edit.value], edit.path);
}

function setAt(root: Json | undefined, path: Path, value: Json, whole: Path): Json {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  const here = whole.slice(0, whole.length - path.length);
  if (typeof part === "number") {
    const list = root ?? [];
    if (!Array.isArray(list)) throw impossible(here, "is no list");
    if (part > list.length || part < 0) throw impossible(here, `has no item ${part}`);
    return (list as readonly Json[]).toSpliced(
      part,
      1,
      setAt((list as readonly Json[])[part], rest, value, whole),
    );
  }
  const map = root ?? {};
  if (!isJsonObject(map)) throw impossible(here, "is no mapping");
  const entries = new Map(Object.entries(map));
  entries.set(part, setAt(entries.get(part), rest, value, whole));
  return Object.fromEntries(entries);
}

function removeAt(root: Json, path: Path): Json {
  const [part, ...rest] = path;
  if (part === undefined || valueAt(root, path) === undefined) return root;
  if (Array.isArray(root) && typeof part === "number") {
    const list = root as readonly Json[];
    return rest.length === 0
      ? list.toSpliced(part, 1)
      : list.toSpliced(part, 1, removeAt(list[part] ?? null, rest));
  }
  const entries = Object.entries(root as Readonly<Record<string, Json>>);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== part));
  return Object.fromEntries(entries.map(([key, item]) => [key, key === part ? removeAt(item, rest) : item]));
}

function impossible(path: Path, why: string): EngineError {
  const place = path.length === 0 ? "the document" : path.join(".");
  return new EngineError("yaml-edit-impossible", `${place} ${why}`, { object: place });
}
