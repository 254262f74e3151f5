import fc from "fast-check";
import { expect, test } from "vitest";
import { diffObjects, mergeOverride, overriddenPaths, schemasAmong } from "../../../engine/merge/index.ts";
import type { Json } from "../../../engine/model/kube-object.ts";
import { type ArbitraryUpdate, update } from "./arbitrary-objects.ts";
import { hasTwins } from "./merged-by-hand.ts";
import { GADGET_CRD } from "./gadget-crd.ts";
import { related } from "./related-paths.ts";

const schemaOf = schemasAmong([GADGET_CRD]);

/** Of a hundred updates, how many have each of these at least: a law says nothing of what is never drawn. */
const LEAST: Readonly<Record<string, number>> = {
  "state kept": 50,
  "state conflict": 25,
  "state redundant": 12,
  "state orphaned": 12,
  "independent changes": 8,
  "orphan by its object": 5,
  "orphan by its item": 5,
  "$patch: delete": 25,
  "$patch: replace": 10,
  $setElementOrder: 20,
  $deleteFromPrimitiveList: 8,
  $retainKeys: 2,
  "null removes": 25,
  "env by name": 8,
  "ports by port and protocol": 10,
  "parts in parts": 5,
  "a list with twins": 5,
  "ten levels deep": 30,
};

test("updates are drawn that have what the laws are about", () => {
  const runs = 1_000;
  const count = new Map<string, number>();
  for (const each of fc.sample(update, runs))
    for (const name of new Set(traitsOf(each))) count.set(name, (count.get(name) ?? 0) + 1);
  const rare = Object.entries(LEAST).filter(([name, least]) => ((count.get(name) ?? 0) * 100) / runs < least);
  expect(rare.map(([name, least]) => ({ name, least, drawn: count.get(name) ?? 0 }))).toEqual([]);
});

function traitsOf({ base, theirs, mine }: ArbitraryUpdate): string[] {
  const override = diffObjects(base, mine, schemaOf);
  const paths = mergeOverride({ base, theirs, override, schemaOf });
  const change = overriddenPaths(base, diffObjects(base, theirs, schemaOf), schemaOf);
  const isFar = !change.some((one) => paths.some((path) => related(one, path)));
  const all = [...base, ...theirs, ...mine];
  return [
    ...paths.flatMap(({ object, path, directive, state, value }) => {
      const isThere = theirs.some(
        ({ kind, metadata }) => kind === object.kind && metadata.name === object.name,
      );
      return [
        `state ${state}`,
        directive ?? "",
        ...(state === "orphaned" ? [`orphan by its ${isThere ? "item" : "object"}`] : []),
        ...(directive === undefined && value === undefined ? ["null removes"] : []),
        ...(path.includes(".env[name=") ? ["env by name"] : []),
        ...(/ports\[(containerPort|port)=.*protocol=/.test(path) ? ["ports by port and protocol"] : []),
        ...(/parts\[id=.\]\.parts\[/.test(path) ? ["parts in parts"] : []),
      ];
    }),
    ...(paths.length > 0 && change.length > 0 && isFar ? ["independent changes"] : []),
    ...(all.some((object) => hasTwins(object)) ? ["a list with twins"] : []),
    ...(depthOf(all) >= 10 ? ["ten levels deep"] : []),
  ];
}

function depthOf(value: Json): number {
  if (value === null || typeof value !== "object") return 0;
  return 1 + Math.max(0, ...Object.values(value as Readonly<Record<string, Json>>).map(depthOf));
}
