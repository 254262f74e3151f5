import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type KubeObject } from "../../../engine/model/kube-object.ts";
import { byIdentity } from "./compare.ts";

/** Fields that know the items of these lists, as Kubernetes' documentation and the definition of gadgets have them. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ["containers", "name"],
  ["initContainers", "name"],
  ["imagePullSecrets", "name"],
  ["env", "name"],
  ["volumeMounts", "mountPath"],
  ["volumes", "name"],
  ["parts", "id"],
]);
const SETS: ReadonlySet<string> = new Set(["finalizers", "tags", "labels"]);
/** Where fields exclude each other, the ones that I set take away those of the profile. */
const EXCLUSIVE: ReadonlySet<string> = new Set(["volumes", "strategy"]);

interface Place {
  readonly base: Json | undefined;
  readonly theirs: Json | undefined;
  readonly mine: Json | undefined;
  readonly merged: Json | undefined;
}

type Objects = readonly KubeObject[];

/**
 * The places where a merge is not what anybody would make of it by hand: mine where only I changed it, theirs where only
 * they did, mine where both did. Where one changed what the other replaced or removed as a whole, hands differ.
 */
export function wronglyMerged(states: Readonly<Record<keyof Place, Objects>>): string[] {
  const { base, theirs, mine, merged } = states;
  const place = {
    base: byIdentity(base),
    theirs: byIdentity(theirs),
    mine: byIdentity(mine),
    merged: byIdentity(merged),
  };
  return wrongBelow(place, "", "");
}

function wrongBelow(place: Place, field: string, path: string): string[] {
  const { base, theirs, mine, merged } = place;
  if (isDeepStrictEqual(mine, base)) return isDeepStrictEqual(merged, theirs) ? [] : [path];
  if (isDeepStrictEqual(theirs, base)) return isDeepStrictEqual(merged, mine) ? [] : [path];
  if (EXCLUSIVE.has(field)) return [];
  const parts = [base, theirs, mine, merged].map((value) => partsOf(value, field, path));
  const shapes = new Set([base, theirs, mine].map((value) => Array.isArray(value)));
  if (shapes.size > 1) return [];
  if (!parts.every((one) => one !== undefined)) {
    const isWhole = [base, theirs, mine].every((value) => isOneValue(value, field));
    return isWhole && !isDeepStrictEqual(merged, mine) ? [path] : [];
  }
  const names = new Set(parts.flatMap((one) => [...one.keys()]));
  return [...names].flatMap((name) => {
    const [inBase, inTheirs, inMine, inMerged] = parts.map((one) => one.get(name));
    const below = { base: inBase, theirs: inTheirs, mine: inMine, merged: inMerged };
    return wrongBelow(below, name, `${path}/${name}`);
  });
}

function isOneValue(value: Json | undefined, field: string): boolean {
  return Array.isArray(value) ? !hasKnownItems(field) : !isJsonObject(value);
}

function hasKnownItems(field: string): boolean {
  return SETS.has(field) || KEYS.has(field) || field === "ports";
}

/** What a value is made of, by name; undefined for what is one value, or a list of which nobody knows the items. */
function partsOf(
  value: Json | undefined,
  field: string,
  path: string,
): ReadonlyMap<string, Json> | undefined {
  if (isJsonObject(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value)) return undefined;
  if (path.startsWith("/unknown.")) return undefined;
  const items = value as readonly Json[];
  const known = items.map((item) => nameOf(item, field));
  if (known.includes(undefined) || new Set(known).size < items.length) return undefined;
  return new Map(items.map((item, index) => [known[index] ?? "", item]));
}

/** True where a list of which people know the items has one that is there twice, or that nobody can tell. */
export function hasTwins(value: Json, field = ""): boolean {
  if (isJsonObject(value)) return Object.entries(value).some(([name, each]) => hasTwins(each, name));
  if (!Array.isArray(value)) return false;
  const items = value as readonly Json[];
  if (items.some((item) => hasTwins(item))) return true;
  return hasKnownItems(field) && partsOf(items, field, "") === undefined;
}

function nameOf(item: Json, field: string): string | undefined {
  if (!isJsonObject(item)) return SETS.has(field) && item !== null ? JSON.stringify(item) : undefined;
  if (field === "ports") return portOf(item);
  const key = item[KEYS.get(field) ?? ""];
  return key === undefined ? undefined : JSON.stringify(key);
}

function portOf({ containerPort, port, protocol }: Readonly<Record<string, Json>>): string | undefined {
  const number = containerPort ?? port;
  return number === undefined ? undefined : JSON.stringify([number, protocol ?? "TCP"]);
}
