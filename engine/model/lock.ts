import { z } from "zod";
import { Name, Version } from "./schema-parts.ts";

/** A Git object id, SHA-1 or SHA-256. */
export const ObjectIdText = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "must be a full Git object id");

/** What was approved for one attached profile. `tree` counts; `revision` is for readers. */
export const LockEntry = z.strictObject({
  version: Version,
  revision: z.int().positive().optional().describe("Which release of the version it is, for readers"),
  tree: ObjectIdText.describe("Git tree of the profile: exactly the content that was approved"),
  merged: ObjectIdText.optional().describe(
    "Git tree of the profile that the cluster's overrides were last merged with; only where it has some",
  ),
});
export type LockEntry = z.infer<typeof LockEntry>;

export const Lock = z.strictObject({
  profiles: z.record(Name, LockEntry).default({}).describe("What was approved, by profile"),
  prune: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "must be the id of a stopped deletion, in quotes where it has digits alone")
    .optional()
    .describe("The id of a deletion that may go on, as `strata cluster prune` tells it"),
});
export type Lock = z.infer<typeof Lock>;
