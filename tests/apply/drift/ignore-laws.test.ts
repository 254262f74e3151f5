import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldDrift } from "../../../engine/apply/drift/field-drift.ts";
import { holdingsOf } from "../../../engine/apply/drift/holdings.ts";
import { letGoPatch } from "../../../engine/apply/drift/let-go.ts";
import { moveItemsPatch } from "../../../engine/apply/drift/move-items.ts";
import { bodyBeside, creationBody } from "../../../engine/apply/initial-values.ts";
import { PART_OF_LABEL } from "../../../engine/apply/marks.ts";
import type { Item } from "../../../engine/apply/plan-apply.ts";
import { itemOf } from "../../../engine/apply/resolve-item.ts";
import { ignoredPaths, pathsOf, schemasAmong, valueAt } from "../../../engine/merge/index.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { deployments, withContent } from "./deployments.ts";
import { applied, patched, updated } from "./pure-server.ts";

const VARIANT = { adopted: false };
const schemaOf = schemasAmong([]);
const WEB = "spec.template.spec.containers[name=web]";

const ignored = fc.subarray(
  [
    "metadata.labels",
    "metadata.labels.a",
    "spec.replicas",
    `${WEB}.image`,
    `${WEB}.env`,
    `${WEB}.env[name=A].value`,
    `${WEB}.env[name=B]`,
    `${WEB}.ports[containerPort=80].name`,
    "spec.template.spec.containers[name=log]",
  ],
  { minLength: 1 },
);

function wanted(object: KubeObject, paths: readonly string[]): Item {
  const rules = paths.map((path) => ({ object: { kind: "Deployment" }, path }));
  const desired = { object, place: {}, ignored: ignoredPaths(object, rules, schemaOf) };
  return itemOf(desired, { applySet: "set", namespaced: true, layer: "app", schemaOf });
}

/** What putting an item back makes of an object, its initial values let go of. */
function settled(live: KubeObject | undefined, item: Item): KubeObject {
  const after = applied(live, live === undefined ? creationBody(item) : bodyBeside(item, VARIANT, live));
  return patched(after, letGoPatch(after, item.initial?.paths ?? []));
}

/** The object without what took the place of items of ours. */
function withItemsMoved(live: KubeObject, item: Item): KubeObject {
  const { items, holdings } = fieldDrift(item.body, live);
  return items.length === 0 ? live : patched(live, moveItemsPatch(live, items, holdings));
}

function editedBy(live: KubeObject, other: KubeObject): KubeObject {
  const { labels } = other.metadata as unknown as { labels: JsonObject };
  const metadata = { ...other.metadata, labels: { ...labels, [PART_OF_LABEL]: "set" } };
  return updated(live, withContent(live, { ...other, metadata }), "kubectl-edit");
}

describe("laws of ignored values", () => {
  it("a new object has them, and is ours but for them", () => {
    fc.assert(
      fc.property(deployments, ignored, (object, paths) => {
        const item = wanted(object, paths);
        const live = settled(undefined, item);
        expect(live.spec).toEqual(applied(undefined, creationBody(item)).spec);
        expect(fieldDrift(item.body, live)).toMatchObject({ fields: [], items: [] });
        const own = [...pathsOf(holdingsOf(live).own)].map((path) => path.join(" "));
        for (const path of item.initial?.paths ?? []) expect(own).not.toContain(path.join(" "));
      }),
    );
  });

  it("whatever others and updates make of an object, an apply leaves them, and puts back all else", () => {
    fc.assert(
      fc.property(
        deployments,
        deployments,
        deployments,
        ignored,
        ignored,
        (first, edited, second, before, paths) => {
          const made = settled(undefined, wanted(first, before));
          const live = editedBy(made, edited);
          const item = wanted(second, paths);
          const after = settled(withItemsMoved(live, item), item);
          const field = { type: schemaOf(second) };
          for (const path of item.initial?.paths ?? []) {
            const was = valueAt(live, path, field);
            // An item around it that the profile or the object lacks comes and goes with all that is in it
            if (was.state === "no-item" || valueAt(second, path, field).state === "no-item") continue;
            expect(valueAt(after, path, field)).toEqual(was);
          }
          expect(fieldDrift(item.body, after)).toMatchObject({ fields: [], items: [] });
          expect(settled(after, item)).toEqual(after);
        },
      ),
    );
  });
});
