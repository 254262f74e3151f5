import type { SchemaOf } from "../merge/index.ts";
import type { DesiredLayer } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import { ignoreFaults } from "../render/ignore-in-layer.ts";
import { formatPath } from "../repo/parse-kind.ts";
import { profileFile } from "../repo/paths.ts";
import type { ProfileEntry } from "../repo/snapshot.ts";
import { readStream } from "../yaml/index.ts";

/** What is wrong with what the layers of a profile ignore, where profile.yaml says it. */
export function ignoreProblems(
  { name, profile, text }: ProfileEntry,
  layers: readonly DesiredLayer[],
  schemaOf: SchemaOf,
): Problem[] {
  if (layers.every(({ ignore }) => ignore === undefined)) return [];
  const file = profileFile(name);
  const [document] = readStream(text, { file });
  return layers.flatMap((layer) => {
    const at = profile?.spec.layers.findIndex((one) => one.name === layer.name) ?? -1;
    return ignoreFaults(layer, schemaOf).map(({ index, field, problem }): Problem => {
      const place = ["spec", "layers", at, "ignore", index, field];
      return { ...problem, file, ...document?.position(place), object: formatPath(place) };
    });
  });
}
