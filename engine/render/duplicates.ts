import type { DesiredLayer } from "../model/desired.ts";
import { formatPlace, type Problem } from "../model/errors.ts";
import { describeId, objectIdOf, objectKey } from "../model/kube-object.ts";

/**
 * Objects that stand more than once in what one cluster runs. A namespace that is left out counts as `default`, as
 * it does when it is applied.
 */
export function findDuplicates(layers: readonly DesiredLayer[]): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const layer of layers) {
    for (const { object, place } of layer.objects) {
      const id = objectIdOf(object);
      const key = objectKey({ ...id, namespace: id.namespace === "" ? "default" : id.namespace });
      const here = `layer ${layer.profile}/${layer.name} at ${formatPlace(place)}`;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, here);
      else {
        problems.push({
          code: "object-duplicate",
          message: `${describeId(id)} stands twice in this cluster: first in ${first}`,
          ...place,
          object: describeId(id),
          hint: "keep it in one layer",
          severity: "error",
        });
      }
    }
  }
  return problems;
}
