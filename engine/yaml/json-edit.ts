import { isJsonObject, type Json } from "../model/kube-object.ts";

type Path = readonly (string | number)[];

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

/** What an edit makes of a value: the law that edits of text must keep. */
export function editJson(root: Json, edit: Edit): Json {
  if (edit.op === "set") return setAt(root, edit.path, edit.value);
  if (edit.op === "remove") return valueAt(root, edit.path) === undefined ? root : removeAt(root, edit.path);
  const list = valueAt(root, edit.path);
  return setAt(
    root,
    edit.path,
    Array.isArray(list) ? [...(list as readonly Json[]), edit.value] : [edit.value],
  );
}

function setAt(root: Json | undefined, path: Path, value: Json): Json {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === "number") {
    const list = Array.isArray(root) ? [...(root as readonly Json[])] : [];
    list[part] = setAt(list[part], rest, value);
    return list;
  }
  const map = new Map(Object.entries(isJsonObject(root) ? root : {}));
  map.set(part, setAt(map.get(part), rest, value));
  return Object.fromEntries(map);
}

function removeAt(root: Json, path: Path): Json {
  const [part, ...rest] = path;
  if (Array.isArray(root) && typeof part === "number") {
    const list = root as readonly Json[];
    if (rest.length === 0) return list.filter((_, index) => index !== part);
    return list.map((item, index) => (index === part ? removeAt(item, rest) : item));
  }
  if (!isJsonObject(root) || part === undefined) return root;
  const entries = Object.entries(root);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== part));
  return Object.fromEntries(entries.map(([key, item]) => [key, key === part ? removeAt(item, rest) : item]));
}
