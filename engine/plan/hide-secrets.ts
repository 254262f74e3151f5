import { isJsonObject, type Json, type ObjectId } from "../model/kube-object.ts";

const HIDDEN = "***";
const FIELDS = ["data", "stringData"];

/**
 * The value at a path of an object (see `formatOverridePath`) as it may be shown: those of a Secret's data are `***`.
 * Keys stay, so that it can be seen what there is.
 */
export function hideSecrets(object: ObjectId, path: string, value: Json | undefined): Json | undefined {
  if (object.kind !== "Secret" || object.group !== "" || value === undefined) return value;
  if (path === "") return hideFields(value);
  return FIELDS.some(
    (field) => path === field || (/^[.[]/.test(path.slice(field.length)) && path.startsWith(field)),
  )
    ? hideLeaves(value)
    : value;
}

/** A whole object with the values of its data hidden, if it is a Secret. */
export function hideFields(object: Json, hidden = HIDDEN): Json {
  if (!isJsonObject(object)) return object;
  const fields = FIELDS.flatMap((field): [string, Json][] => {
    const values = object[field];
    return values === undefined ? [] : [[field, hideLeaves(values, hidden)]];
  });
  return { ...object, ...Object.fromEntries(fields) };
}

function hideLeaves(value: Json, hidden = HIDDEN): Json {
  if (!isJsonObject(value)) return value === null ? null : hidden;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hideLeaves(each, hidden)]));
}
