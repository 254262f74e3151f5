import { z } from "zod";
import { API_VERSION, Duration, Name, Tags, Version } from "./schema-parts.ts";

export const LAYER_TYPES = ["manifest", "helm", "kustomize", "pack", "zarf"] as const;

export const Ignored = z.strictObject({
  object: z
    .strictObject({
      group: z.string().max(253).exactOptional().describe("Its API group, such as apps; any without it"),
      kind: z.string().min(1).max(63).describe("Its kind, such as Deployment"),
      name: z.string().min(1).max(253).exactOptional().describe("Its name; all of the kind without it"),
      namespace: Name.exactOptional().describe("Its namespace; any without it"),
    })
    .describe("The objects of the layer that are meant"),
  path: z
    .string()
    .min(1)
    .max(1024)
    .describe('The value, such as spec.replicas or metadata.annotations["example.com/owner"]'),
});
/** A value that is set when its object is made and never again. */
export type Ignored = z.infer<typeof Ignored>;

export const Layer = z.strictObject({
  name: Name.describe("The folder of the layer, beside profile.yaml"),
  type: z.enum(LAYER_TYPES).describe("What the files of the layer are"),
  priority: z
    .int()
    .optional()
    .describe("Neighbours of equal priority install together; without it a layer is a step of its own"),
  timeout: Duration.optional().describe("How long the layer may take to become healthy; 10m by default"),
  ignore: z
    .array(Ignored)
    .max(500)
    .optional()
    .describe("Values that are set when their object is made, and left to others from then on"),
});
export type Layer = z.infer<typeof Layer>;

export const Profile = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal("Profile"),
    metadata: z.strictObject({
      name: Name.describe("The folder of the profile below profiles/"),
      tags: Tags.default([]),
    }),
    spec: z.strictObject({
      version: Version.default("1.0.0").describe(
        "What is released of this profile is this version; a new number begins a new one",
      ),
      type: z
        .enum(["infrastructure", "add-on", "full"])
        .default("add-on")
        .describe("What the profile is of a cluster: its base, a part of it, or all of it"),
      description: z.string().max(4096).default("").describe("What it is, for people"),
      variables: z
        .array(z.never("variables are not supported yet"))
        .default([])
        .describe("Not supported yet"),
      layers: z.array(Layer).max(500).default([]).describe("Layers in install order"),
    }),
  })
  .superRefine((profile, context) => {
    const seen = new Set<string>();
    let last: number | undefined;
    for (const [index, layer] of profile.spec.layers.entries()) {
      const path = ["spec", "layers", index];
      if (seen.has(layer.name)) {
        context.addIssue({
          code: "custom",
          path: [...path, "name"],
          message: `layer "${layer.name}" is listed twice`,
        });
      }
      seen.add(layer.name);
      if (layer.priority === undefined) continue;
      if (last !== undefined && layer.priority < last) {
        const message = `layers stand in install order, but priority ${layer.priority} comes after ${last}`;
        context.addIssue({ code: "custom", path: [...path, "priority"], message });
      }
      last = layer.priority;
    }
  });
export type Profile = z.infer<typeof Profile>;

export const DEFAULT_LAYER_TIMEOUT = "10m";

/** The layers of a profile as steps: neighbours of one priority install together, all others one after another. */
export function layerSteps(layers: readonly Layer[]): Layer[][] {
  const steps: Layer[][] = [];
  for (const layer of layers) {
    const step = steps.at(-1);
    const together =
      step !== undefined && layer.priority !== undefined && step[0]?.priority === layer.priority;
    if (together) step.push(layer);
    else steps.push([layer]);
  }
  return steps;
}
