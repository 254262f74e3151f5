import type { OverriddenPath } from "../../../engine/merge/index.ts";
import { ORDER, parseOverridePath, RETAIN } from "../../../engine/merge/override/path.ts";
import { objectKey } from "../../../engine/model/kube-object.ts";

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
