import { z } from "zod";
import { API_VERSION, Name, Tags, Version } from "./schema-parts.ts";

/** How the engine reaches a cluster. It never holds a credential: those stay in the engine's own kubeconfig. */
export const Connection = z.union([
  z.strictObject({ context: z.string().min(1).max(253) }),
  z.strictObject({ inCluster: z.literal(true) }),
  z.strictObject({ sandbox: z.literal(true) }),
]);
export type Connection = z.infer<typeof Connection>;

export const AttachedProfile = z.strictObject({ name: Name, version: Version });
export type AttachedProfile = z.infer<typeof AttachedProfile>;

export const Cluster = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal("Cluster"),
    metadata: z.strictObject({ name: Name, tags: Tags.default([]) }),
    spec: z.strictObject({
      connection: Connection,
      profiles: z.array(AttachedProfile).max(100).default([]),
      variables: z.strictObject({}, "variables are not supported yet").default({}),
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
