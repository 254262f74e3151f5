import fc from "fast-check";
import { expect, test } from "vitest";
import {
  applyServerSide,
  decodeManaged,
  difference,
  fieldsOf,
  hasPath,
  isEmptySet,
  jsonEqual,
  pathsOf,
  schemaFor,
  schemaOfCrd,
  updateManaged,
} from "../../engine/merge/index.ts";
import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { WIDGET_CRD } from "./golden/widget-crd.ts";

const schema = schemaOfCrd(WIDGET_CRD, "v1");

const maybe = <T extends Json>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const word = fc.constantFrom("a", "b", "c");
const part = fc
  .record({ id: fc.nat({ max: 3 }), side: maybe(fc.constantFrom("left", "right")), colour: maybe(word) })
  .map(defined);
const spec = fc
  .record({
    size: fc.nat({ max: 2 }),
    parts: maybe(
      fc.uniqueArray(part, {
        maxLength: 4,
        selector: ({ id, side }) => `${JSON.stringify(id)}/${JSON.stringify(side ?? "left")}`,
      }),
    ),
    labels: maybe(fc.uniqueArray(word, { maxLength: 3 })),
    limits: maybe(fc.record({ low: fc.nat({ max: 2 }) })),
    values: maybe(fc.dictionary(word, word, { maxKeys: 3 })),
    steps: maybe(fc.array(fc.record({ run: word }), { maxLength: 2 })),
    free: maybe(fc.dictionary(word, word, { maxKeys: 2 })),
  })
  .map(defined);
const config = spec.map(
  (each): KubeObject => ({
    apiVersion: "merge.test.strata.dev/v1",
    kind: "Widget",
    metadata: { name: "w" },
    spec: each,
  }),
);

/** Without what is absent or empty: an empty map or list is a value of its own to its owner, and null once emptied. */
function defined(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, Json] =>
        entry[1] !== undefined && !["{}", "[]"].includes(JSON.stringify(entry[1])),
    ),
  );
}

interface Applied {
  readonly object: KubeObject;
  readonly changed: boolean;
}

function apply(
  live: KubeObject | undefined,
  manager: string,
  body: KubeObject,
  now = "2026-01-01T00:00:00Z",
): Applied {
  const outcome = applyServerSide({ live, config: body, manager, force: true, now, schema });
  if (outcome.outcome !== "applied") throw new Error("forced applies have no conflicts");
  return outcome;
}

function entryOf(object: KubeObject, manager: string) {
  return [...decodeManaged(object).values()].find((entry) => entry.manager === manager);
}

test("applying a config again changes nothing, not even a time", () => {
  fc.assert(
    fc.property(config, config, (other, body) => {
      const first = apply(apply(undefined, "other", other).object, "one", body, "2026-01-01T00:00:01Z");
      const second = apply(first.object, "one", body, "2026-01-01T00:00:02Z");
      expect(second.changed).toBe(false);
      expect(second.object).toBe(first.object);
    }),
  );
});

test("each value of a forced config is in the object, and its manager owns it", () => {
  fc.assert(
    fc.property(config, config, (other, body) => {
      const { object } = apply(apply(undefined, "other", other).object, "one", body);
      const again = applyServerSide({
        live: object,
        config: body,
        manager: "third",
        force: false,
        now: "",
        schema,
      });
      expect(again.outcome).toBe("applied");
      const fields = entryOf(object, "one")?.fields;
      for (const path of pathsOf(fieldsOf(body, schema))) {
        if (path[0] !== "f:spec") continue;
        expect(fields !== undefined && hasPath(fields, path)).toBe(true);
      }
    }),
  );
});

test("a manager's next config replaces its last one where nobody else owns anything", () => {
  fc.assert(
    fc.property(config, config, (first, second) => {
      const { object } = apply(apply(undefined, "one", first).object, "one", second);
      const alone = apply(undefined, "one", second).object;
      expect(sorted(pathTexts(object))).toEqual(sorted(pathTexts(alone)));
      expect(entryOf(object, "one")?.fields).toEqual(entryOf(alone, "one")?.fields);
    }),
  );
});

test("what another manager owns survives the removal of a config", () => {
  fc.assert(
    fc.property(config, config, (theirs, mine) => {
      const before = apply(apply(undefined, "one", mine).object, "other", theirs).object;
      const empty: KubeObject = { apiVersion: mine.apiVersion, kind: mine.kind, metadata: { name: "w" } };
      const after = apply(before, "one", empty).object;
      const check = applyServerSide({
        live: after,
        config: theirs,
        manager: "other",
        force: false,
        now: "",
        schema,
      });
      expect(check).toMatchObject({ outcome: "applied", changed: false });
      expect(entryOf(after, "one")).toBeUndefined();
    }),
  );
});

test("a config with another value than the other manager's conflicts, and says where", () => {
  fc.assert(
    fc.property(config, config, (theirs, mine) => {
      const live = apply(undefined, "other", theirs).object;
      const outcome = applyServerSide({ live, config: mine, manager: "one", force: false, now: "", schema });
      const forced = apply(live, "one", mine).object;
      const kept = entryOf(forced, "other")?.fields;
      const before = entryOf(live, "other")?.fields;
      const lost =
        before === undefined
          ? []
          : [...pathsOf(before)].filter((path) => kept === undefined || !hasPath(kept, path));
      expect(outcome.outcome === "conflict" ? outcome.conflicts.length : 0).toBe(lost.length);
      if (outcome.outcome === "conflict") expect(outcome.message).toContain(outcome.conflicts[0]?.path);
    }),
  );
});

test("an update by which nothing changes leaves managedFields as they are", () => {
  fc.assert(
    fc.property(config, config, (one, two) => {
      const before = apply(apply(undefined, "one", one).object, "two", two).object;
      const after = updateManaged({
        before,
        after: before,
        manager: "editor",
        now: "2026-01-02T00:00:00Z",
        schema,
      });
      expect(after).toEqual(before);
    }),
  );
});

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _managers, ...metadata } = object.metadata;
  return { ...object, metadata };
}

test("after an update every changed field has one owner, the updater", () => {
  fc.assert(
    fc.property(config, config, (one, next) => {
      const before = apply(undefined, "one", one).object;
      const { managedFields } = before.metadata;
      const after = updateManaged({
        before,
        after: { ...next, metadata: { ...next.metadata, managedFields: managedFields ?? [] } },
        manager: "editor",
        now: "2026-01-02T00:00:00Z",
        schema,
      });
      const [mine, theirs] = [entryOf(after, "editor")?.fields, entryOf(after, "one")?.fields];
      if (mine === undefined) {
        // Who only removes owns nothing: what is left was there before.
        const added = difference(
          fieldsOf(withoutManagers(after), schema),
          fieldsOf(withoutManagers(before), schema),
        );
        expect(isEmptySet(added)).toBe(true);
        return;
      }
      for (const path of pathsOf(mine)) expect(theirs !== undefined && hasPath(theirs, path)).toBe(false);
    }),
  );
});

test("the keyed list of a built-in kind ends with the items of the config, in its order", () => {
  const deployment = schemaFor({ group: "apps", version: "v1", kind: "Deployment" });
  if (deployment === undefined) throw new Error("no schema for Deployments");
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 });
  const body = (all: readonly string[]): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { template: { spec: { containers: all.map((name) => ({ name, image: name })) } } },
  });
  fc.assert(
    fc.property(names, names, names, (first, other, next) => {
      const steps: readonly [string, readonly string[]][] = [
        ["one", first],
        ["two", other],
        ["one", next],
      ];
      let live: KubeObject | undefined;
      for (const [manager, all] of steps) {
        const outcome = applyServerSide({
          live,
          config: body(all),
          manager,
          force: false,
          now: "",
          schema: deployment,
        });
        if (outcome.outcome !== "applied") throw new Error(outcome.message);
        live = outcome.object;
      }
      const containers = JSON.stringify(live?.["spec"]).matchAll(/"name":"(\w)"/g);
      const result = [...containers].map(([, name]) => name ?? "");
      expect(new Set(result)).toEqual(new Set([...other, ...next]));
      expect(result).toHaveLength(new Set(result).size);
      expect(result.filter((name) => next.some((wanted) => wanted === name))).toEqual(next);
    }),
  );
});

function pathTexts(object: KubeObject): string[] {
  return [...pathsOf(fieldsOf({ ...object, metadata: { name: "w" } }, schema))].map((path) => path.join("/"));
}

function sorted(all: readonly string[]): string[] {
  return all.toSorted();
}

test("objects are equal whatever the order of their fields", () => {
  fc.assert(
    fc.property(config, (body) => {
      const reversed = (value: Json): Json =>
        Array.isArray(value)
          ? value.map((item) => reversed(item as Json))
          : typeof value === "object" && value !== null
            ? Object.fromEntries(
                Object.entries(value as JsonObject)
                  .toReversed()
                  .map(([name, each]) => [name, reversed(each)]),
              )
            : value;
      expect(jsonEqual(body, reversed(body))).toBe(true);
    }),
  );
});
