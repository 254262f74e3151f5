import { type KubeObject, objectIdOf, objectKey } from "../model/kube-object.ts";
import { editDocuments } from "../yaml/index.ts";

/**
 * The text of an override file that holds `before`, made to hold `after`: what does not change keeps its bytes, comments
 * too; new documents come last. Null where nothing is overridden any more.
 */
export function editOverrideText(
  text: string,
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): string | null {
  if (after.length === 0) return null;
  const left = new Map(after.map((document) => [keyOf(document), document]));
  const wanted = before.map((document) => {
    const key = keyOf(document);
    const found = left.get(key);
    left.delete(key);
    return found;
  });
  return editDocuments(text, [...wanted, ...left.values()]);
}

function keyOf(document: KubeObject): string {
  return objectKey(objectIdOf(document));
}
