import { isJsonObject, type Json, type ObjectId } from "./kube-object.ts";

/** What stands in place of a value of a Secret, and of one that differs from what is beside it. */
export const HIDDEN = "***";
export const HIDDEN_CHANGED = "*** (changed)";
export const SECRET_FIELDS = ["data", "stringData"] as const;
/** In which `kubectl apply` keeps the whole of what it applied. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

export function isHidden(value: Json): boolean {
  return value === HIDDEN || value === HIDDEN_CHANGED;
}

/**
 * The value at a path of an object (see `formatOverridePath`) as it may be shown: those of a Secret's data are `***`,
 * and so is the annotation in which kubectl repeats them.
 * Keys stay, so that it can be seen what there is.
 */
export function hideSecrets(object: ObjectId, path: string, value: Json | undefined): Json | undefined {
  if (object.kind !== "Secret" || object.group !== "" || value === undefined) return value;
  if (path === "") return hideFields(value);
  if (path.startsWith("metadata"))
    return path.includes(LAST_APPLIED) ? hideLeaves(value) : hideRepeated(value);
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
  const { metadata } = object;
  const repeated = metadata === undefined ? {} : { metadata: hideRepeated(metadata, hidden) };
  return { ...object, ...repeated, ...Object.fromEntries(fields) };
}

/** The metadata of a Secret, or its annotations, without what kubectl repeats in them. */
function hideRepeated(value: Json, hidden: string = HIDDEN): Json {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, each]): [string, Json] => {
    if (name === LAST_APPLIED) return [name, hideLeaves(each, hidden)];
    return [name, name === "annotations" ? hideRepeated(each, hidden) : each];
  });
  return Object.fromEntries(entries);
}

function hideLeaves(value: Json, hidden: string = HIDDEN): Json {
  if (!isJsonObject(value)) return value === null ? null : hidden;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hideLeaves(each, hidden)]));
}
