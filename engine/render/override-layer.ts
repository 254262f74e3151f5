import { applyOverride, type SchemaOf } from "../merge/index.ts";
import type { DesiredLayer } from "../model/desired.ts";
import { EngineError, type Place, type Problem } from "../model/errors.ts";
import { type KubeObject, objectIdOf, objectKey } from "../model/kube-object.ts";
import type { PatchDocument } from "../yaml/index.ts";

/** What one cluster overrides in one layer, as its file has it. */
export interface LayerOverride {
  readonly file: string;
  readonly text: string;
  readonly documents: readonly PatchDocument[];
}

/**
 * A rendered layer with an override over it: objects keep their order and place, those that the override adds come
 * last. What the override changes and the layer does not have is left out, and so is an override that cannot be read:
 * the merge tells both.
 */
export function overrideLayer(
  layer: DesiredLayer,
  override: LayerOverride,
  schemaOf: SchemaOf,
): DesiredLayer {
  const places = new Map(layer.objects.map(({ object, place }) => [keyOf(object), place]));
  const objects = layer.objects.map(({ object }) => object);
  const patches = override.documents.map(({ object }) => object);
  try {
    return {
      ...layer,
      objects: applyOverride(objects, patches, schemaOf).objects.map((object) => ({
        object,
        place: places.get(keyOf(object)) ?? placeOf(override, keyOf(object)),
      })),
    };
  } catch (error) {
    if (error instanceof EngineError) return layer;
    throw error;
  }
}

/** Why an override cannot be read, at its file. */
export function invalidOverride(error: EngineError, file: string): Problem {
  return { hint: "see docs/overrides.md for what an override may say", ...error.toProblem(), file };
}

function keyOf(object: KubeObject): string {
  return objectKey(objectIdOf(object));
}

function placeOf({ file, documents }: LayerOverride, key: string): Place {
  const document = documents.find(({ object }) => keyOf(object) === key);
  return { file, ...(document === undefined ? {} : { line: document.line }) };
}
