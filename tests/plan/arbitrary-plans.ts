import { diffObjects, mergeOverride, schemasAmong } from "../../engine/merge/index.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { fittingOverride, type LayerSide, type PlanInput } from "../../engine/plan/make-plan.ts";
import { readManifests, type TextFile, writeYaml } from "../../engine/yaml/index.ts";
import { update as drawn } from "../merge/override/arbitrary-objects.ts";
import { GADGET_CRD } from "../merge/override/gadget-crd.ts";

export const schemaOf = schemasAmong([GADGET_CRD]);
const OTHER: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "beside" } };

/** A file as people have it: a comment, another object, and those of the layer. */
export function fileOf(objects: readonly KubeObject[]): TextFile {
  const documents = [OTHER, ...objects].map((object) => writeYaml(object));
  return { path: "app.yaml", text: `# The app\n${documents.join("---\n")}` };
}

/** Objects as a layer gives them: what reading takes away is gone. */
function side(objects: readonly KubeObject[]) {
  const file = fileOf(objects);
  const { manifests } = readManifests(file.text, { file: file.path });
  return {
    files: [file],
    objects: manifests.map(({ object }) => object),
    places: manifests.map(({ line }) => ({ file: file.path, line })),
  };
}

/** An update of a layer that a cluster has overridden. */
export const update = drawn.map(({ base, theirs, mine }): PlanInput => {
  const [from, to] = [side(base), side(theirs)];
  const override = diffObjects(from.objects, [OTHER, ...mine], schemaOf);
  return inputOf({ from, to, override });
});

/** The plan of an update of one layer. */
export function inputOf({
  from,
  to,
  override,
}: {
  readonly from: LayerSide;
  readonly to: LayerSide;
  readonly override: readonly KubeObject[];
}): PlanInput {
  const merged = mergeOverride({ base: from.objects, theirs: to.objects, override, schemaOf });
  const fitting = fittingOverride(override, merged, schemaOf);
  const sides = { base: from, mergeBase: from.objects, target: to };
  const layer = { name: "app", type: "manifest", ...sides, override, merged, fitting };
  return {
    cluster: "dev",
    profile: "app",
    version: "1.0.0",
    from: { version: "1.0.0", revision: 1, tree: "a".repeat(40) },
    to: { revision: 2, tree: "b".repeat(40) },
    spec: { profiles: [{ name: "app", version: "1.0.0" }] },
    layers: [layer],
    schemaOf,
    problems: [],
  };
}

/** The one layer of a plan, which is on both sides. */
export const layerOf = ({ layers: [layer] }: PlanInput) => {
  if (layer?.target === undefined || layer.base === undefined) throw new Error("the layer is there");
  return { ...layer, base: layer.base, target: layer.target };
};
