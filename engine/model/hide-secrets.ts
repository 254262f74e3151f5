import { isJsonObject, type Json, type ObjectId } from "./kube-object.ts";

/** What stands in place of a value of a Secret, and of one that differs from what is beside it. */
export const HIDDEN = "***";
export const HIDDEN_CHANGED = "*** (changed)";
export const SECRET_FIELDS = ["data", "stringData"] as const;

export function isHidden(value: Json): boolean {
  return value === HIDDEN || value === HIDDEN_CHANGED;
}

/**
 * The value at a path of an object (see `formatOverridePath`) as it may be shown: those of a Secret's data are `***`.
 * Keys stay, so that it can be seen what there is.
 */
export function hideSecrets(object: ObjectId, path: string, value: Json | undefined): Json | undefined {
  if (object.kind !== "Secret" || object.group !== "" || value === undefined) return value;
  if (path === "") return hideFields(value);
  return SECRET_FIELDS.some(
    (field) => path === field || (/^[.[]/.test(path.slice(field.length)) && path.startsWith(field)),
  )
    ? hideLeaves(value)
    : value;
}

/** A whole object with the values of its data hidden, if it is a Secret. */
export function hideFields(object: Json, hidden: string = HIDDEN): Json {
  if (!isJsonObject(object)) return object;
  const fields = SECRET_FIELDS.flatMap((field): [string, Json][] => {
    const values = object[field];
    return values === undefined ? [] : [[field, hideLeaves(values, hidden)]];
  });
  return { ...object, ...Object.fromEntries(fields) };
}

function hideLeaves(value: Json, hidden: string = HIDDEN): Json {
  if (!isJsonObject(value)) return value === null ? null : hidden;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hideLeaves(each, hidden)]));
}
