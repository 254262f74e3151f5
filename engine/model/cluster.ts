import { z } from "zod";
import { API_VERSION, Name, Tags, Version } from "./schema-parts.ts";

/** How the engine reaches a cluster. It never holds a credential: those stay in the engine's own kubeconfig. */
export const Connection = z.union([
  z.strictObject({
    context: z.string().min(1).max(253).describe("A context of the kubeconfig that the engine has"),
  }),
  z.strictObject({ inCluster: z.literal(true).describe("The cluster that the engine itself runs in") }),
  z.strictObject({
    sandbox: z.literal(true).describe("A small cluster inside the engine, for trying things out"),
  }),
]);
export type Connection = z.infer<typeof Connection>;

export const AttachedProfile = z.strictObject({ name: Name, version: Version });
export type AttachedProfile = z.infer<typeof AttachedProfile>;

export const Cluster = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal("Cluster"),
    metadata: z.strictObject({
      name: Name.describe("The folder of the cluster below clusters/"),
      tags: Tags.default([]),
    }),
    spec: z.strictObject({
      connection: Connection.describe("How the engine reaches the cluster; never a credential"),
      profiles: z
        .array(AttachedProfile)
        .max(100)
        .default([])
        .describe("The profiles that the cluster runs and their versions"),
      deletion: z
        .strictObject({
          requestedAt: z.iso.datetime().describe("When it was asked for, as 2026-01-31T12:00:00Z"),
        })
        .optional()
        .describe("The cluster is being uninstalled, and its directory goes when that is done"),
      variables: z
        .strictObject({}, "variables are not supported yet")
        .default({})
        .describe("Not supported yet"),
    }),
  })
  .superRefine((cluster, context) => {
    const seen = new Set<string>();
    for (const [index, profile] of cluster.spec.profiles.entries()) {
      if (seen.has(profile.name)) {
        const path = ["spec", "profiles", index, "name"];
        context.addIssue({ code: "custom", path, message: `profile "${profile.name}" is attached twice` });
      }
      seen.add(profile.name);
    }
  });
export type Cluster = z.infer<typeof Cluster>;

/** A connection for people: `context kind-dev`, `in-cluster` or `sandbox`. */
export function describeConnection(connection: Connection): string {
  if ("context" in connection) return `context ${connection.context}`;
  return "sandbox" in connection ? "sandbox" : "in-cluster";
}
