import { EngineError } from "../model/errors.ts";
import { HIDDEN, isHidden, LAST_APPLIED, SECRET_FIELDS } from "../model/hide-secrets.ts";
import {
  describeId,
  isJsonObject,
  type Json,
  type KubeObject,
  objectIdOf,
  objectKey,
} from "../model/kube-object.ts";

/**
 * Edited objects in which a Secret's value that still stands as it was shown, hidden, is the value itself: texts of
 * plans hide them, and an edit of such a text must not put the mask in their place. Throws `edit-invalid` where nothing
 * is hidden behind a mask.
 */
export function keepHidden(
  edited: readonly KubeObject[],
  shown: readonly KubeObject[],
): readonly KubeObject[] {
  const known = new Map(shown.map((object) => [objectKey(objectIdOf(object)), object]));
  return edited.map((object) => {
    const { group, kind } = objectIdOf(object);
    if (group !== "" || kind !== "Secret") return object;
    return unmask(object, known.get(objectKey(objectIdOf(object))));
  });
}

function unmask(secret: KubeObject, shown: KubeObject | undefined): KubeObject {
  const fields = SECRET_FIELDS.flatMap((field): [string, Json][] => {
    const values = secret[field];
    if (!isJsonObject(values)) return [];
    const before = shown?.[field];
    const entries = Object.entries(values).map(([key, value]): [string, Json] => {
      if (!isHidden(value)) return [key, value];
      const kept = isJsonObject(before) ? before[key] : undefined;
      if (kept === undefined) throw nothingHidden(secret, `${field}.${key}`);
      return [key, kept];
    });
    return [[field, Object.fromEntries(entries)]];
  });
  return { ...secret, metadata: unmaskRepeated(secret, shown), ...Object.fromEntries(fields) };
}

/** The metadata with what kubectl repeats of the Secret in an annotation. */
function unmaskRepeated(secret: KubeObject, shown: KubeObject | undefined): KubeObject["metadata"] {
  const { metadata } = secret;
  const { annotations } = metadata;
  if (!isJsonObject(annotations) || !isHidden(annotations[LAST_APPLIED] ?? null)) return metadata;
  const before = shown?.metadata.annotations;
  const kept = isJsonObject(before) ? before[LAST_APPLIED] : undefined;
  if (kept === undefined) throw nothingHidden(secret, `metadata.annotations["${LAST_APPLIED}"]`);
  return { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: kept } };
}

function nothingHidden(secret: KubeObject, path: string): EngineError {
  const object = describeId(objectIdOf(secret));
  return new EngineError("edit-invalid", `${path} of ${object} is ${HIDDEN}, and no value is hidden there`, {
    object: `${object} ${path}`,
    hint: "write the value, or leave the key out",
  });
}
