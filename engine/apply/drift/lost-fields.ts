import { below, type FieldSet, type Path, type PathElement } from "../../merge/index.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../model/kube-object.ts";
import { isItem, partsOf } from "./body-elements.ts";

/** Names an object; managedFields never hold it. */
const IDENTITY: ReadonlySet<string> = new Set(["apiVersion", "kind", "name", "namespace"]);

/**
 * What of a body is not ours any more in the live object: another manager set it to another value, or it is gone.
 * @param body as it was applied
 * @param own the fields of our Apply entry now
 * @param owned the fields of all entries, ours included
 */
export function lostFields(body: KubeObject, own: FieldSet, owned: FieldSet): readonly Path[] {
  const { metadata: _, ...rest } = withoutIdentity(body);
  const metadata = withoutIdentity(body.metadata);
  return lostIn(Object.keys(metadata).length === 0 ? rest : { ...rest, metadata }, own, owned, []);
}

function withoutIdentity(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !IDENTITY.has(name)));
}

function lostIn(value: Json, own: FieldSet, owned: FieldSet, path: Path): Path[] {
  return partsOf(value, owned).flatMap((part) => {
    const { element } = part;
    const here = [...path, element];
    // null takes nothing away from anybody
    if (part.value === null) return [];
    const inside = own.children.has(element);
    if (inside) return lostIn(part.value, below(own, element), below(owned, element), here);
    return own.members.has(element) ? [] : leavesOf(part.value, element, owned, here);
  });
}

/** A part that is lost as a whole, as the paths by which people know it. */
function leavesOf(value: Json, element: PathElement, owned: FieldSet, path: Path): Path[] {
  const ownedAsOne = owned.members.has(element) && !owned.children.has(element);
  const isMap = isJsonObject(value) && Object.keys(value).length > 0;
  if (isItem(element) || ownedAsOne || !(isMap || Array.isArray(value))) return [path];
  // nobody owns anything of an empty list whose items have keys
  if (Array.isArray(value) && value.length === 0) return [];
  const inside = below(owned, element);
  const parts = partsOf(value, inside).filter((part) => part.value !== null);
  if (parts.length === 0) return [path];
  return parts.flatMap((part) => leavesOf(part.value, part.element, inside, [...path, part.element]));
}
