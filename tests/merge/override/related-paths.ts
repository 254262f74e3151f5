import type { OverriddenPath } from "../../../engine/merge/index.ts";
import { ORDER, parseOverridePath, RETAIN } from "../../../engine/merge/override/path.ts";
import {
  isJsonObject,
  type Json,
  type KubeObject,
  objectIdOf,
  objectKey,
} from "../../../engine/model/kube-object.ts";

/** True where one of two paths is the other or holds it; the order of a list and what an object retains are all of it. */
export function related(a: OverriddenPath, b: OverriddenPath): boolean {
  if (objectKey(a.object) !== objectKey(b.object)) return false;
  const [one, other] = [elements(a), elements(b)];
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((element, index) => element === other[index]);
}

function elements({ path }: OverriddenPath): readonly string[] {
  const all = parseOverridePath(path);
  const last = all.at(-1);
  return last === ORDER || last === RETAIN ? all.slice(0, -1) : all;
}

/** What is on the way to a path: of which shape each object and list is that holds it. */
export function shapesAround(
  objects: readonly KubeObject[],
  { object, path }: OverriddenPath,
): readonly string[] {
  let here: Json | undefined = objects.find((one) => objectKey(objectIdOf(one)) === objectKey(object));
  return parseOverridePath(path).map((element) => {
    const [holder, content] = [here, element.slice(2)];
    const below = stepInto(holder, element, content);
    here = below[0];
    return below.length > 1 ? "list with twins" : shapeOf(holder);
  });
}

function stepInto(holder: Json | undefined, element: string, content: string): readonly Json[] {
  if (isJsonObject(holder) && element.startsWith("f:")) {
    const value = Object.hasOwn(holder, content) ? holder[content] : undefined;
    return value === undefined ? [] : [value];
  }
  if (!Array.isArray(holder) || element.startsWith("f:")) return [];
  const items = holder as readonly Json[];
  const key = JSON.parse(content) as Json;
  if (!isJsonObject(key)) return items.filter((item) => item === key);
  const { protocol, ...others } = key;
  return items.filter(
    (item) =>
      isJsonObject(item) &&
      (protocol === undefined || (item["protocol"] ?? "TCP") === protocol) &&
      Object.entries(others).every(([name, value]) => item[name] === value),
  );
}

function shapeOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  return Array.isArray(value) ? "list" : typeof value;
}
