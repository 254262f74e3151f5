import { z } from "zod";
import type { Problem } from "../engine/model/errors.ts";
import { EVENT_TYPES, type EngineEvent } from "../engine/model/event.ts";
import type { MassDeletion } from "../engine/model/mass-deletion.ts";
import { EFFECTS, type PlanView } from "../engine/model/plan.ts";
import { CLUSTER_HEALTHS } from "../engine/model/status.ts";
import type {
  ClusterView,
  DiffView,
  ProfileView,
  PruneView,
  StatusView,
  WorkloadView,
} from "../engine/model/view.ts";

const Health = z.enum(CLUSTER_HEALTHS);

const ProblemSchema: z.ZodType<Problem> = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().exactOptional(),
  severity: z.enum(["error", "warning"]).exactOptional(),
  file: z.string().exactOptional(),
  line: z.number().exactOptional(),
  column: z.number().exactOptional(),
  object: z.string().exactOptional(),
});

const MassDeletionSchema: z.ZodType<MassDeletion> = z.object({
  id: z.string(),
  deletes: z.number(),
  of: z.number(),
});

const LayerSchema = z.object({
  name: z.string(),
  type: z.string(),
  state: z.enum(["pending", "waiting", "applying", "healthy", "failed", "gone"]),
  message: z.string(),
});

const AttachedProfileSchema = z.object({
  name: z.string(),
  version: z.string(),
  revision: z.number().nullable(),
  newer: z.number().nullable(),
  updatesAvailable: z.boolean(),
  layers: z.array(LayerSchema),
});

const OverrideState = z.enum(["kept", "conflict", "redundant", "orphaned"]);

const OverrideSchema = z.object({
  profile: z.string(),
  layer: z.string(),
  object: z.string(),
  path: z.string(),
  value: z.unknown(),
  profileValue: z.unknown(),
  state: OverrideState,
});

const LastSyncSchema = z.object({
  commit: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().exactOptional(),
});

export const ClusterSchema: z.ZodType<ClusterView> = z.object({
  name: z.string(),
  tags: z.array(z.string()),
  connection: z.string(),
  health: Health,
  message: z.string(),
  profiles: z.array(AttachedProfileSchema),
  overrides: z.array(OverrideSchema),
  urls: z.array(z.string()),
  lastSync: LastSyncSchema.nullable(),
  blockedBy: z.array(ProblemSchema),
  leftovers: z
    .object({ left: z.array(z.string()), kept: z.array(z.string()), released: z.array(z.string()) })
    .readonly()
    .exactOptional(),
  massDeletion: MassDeletionSchema.exactOptional(),
});

export const WorkloadSchema: z.ZodType<WorkloadView> = z.object({
  layer: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  health: z.string(),
  message: z.string(),
  ready: z.string(),
});

export const DiffSchema: z.ZodType<DiffView> = z.object({
  cluster: z.string(),
  commit: z.string(),
  objects: z.array(
    z.object({
      layer: z.string(),
      object: z.string(),
      change: z.enum(["create", "update", "delete"]),
      diff: z.string(),
    }),
  ),
  left: z.array(
    z.object({
      layer: z.string(),
      object: z.string(),
      path: z.string(),
      managers: z.array(z.string()),
      note: z.string(),
    }),
  ),
  problems: z.array(ProblemSchema),
});

const PlanLayerSchema = z.object({
  name: z.string(),
  type: z.string(),
  current: z.string(),
  pending: z.string(),
  overriddenLines: z.array(z.number()),
  changes: z.array(
    z.object({ object: z.string(), path: z.string(), before: z.unknown(), after: z.unknown() }),
  ),
  overrides: z.array(
    z.object({
      object: z.string(),
      path: z.string(),
      value: z.unknown(),
      before: z.unknown(),
      after: z.unknown(),
      state: OverrideState,
    }),
  ),
});

export const PlanSchema: z.ZodType<PlanView> = z.object({
  plan: z.string(),
  cluster: z.string(),
  profile: z.string(),
  version: z.string(),
  fromVersion: z.string(),
  from: z.number().nullable(),
  to: z.number().nullable(),
  layers: z.array(PlanLayerSchema),
  effects: z.array(
    z.object({
      layer: z.string(),
      object: z.string(),
      effect: z.enum(EFFECTS),
      why: z.string(),
      problem: ProblemSchema.exactOptional(),
    }),
  ),
  massDeletion: MassDeletionSchema.exactOptional(),
  problems: z.array(ProblemSchema),
});

const LeavingSchema = z.object({ layer: z.string(), object: z.string(), why: z.string() });

export const PruneSchema: z.ZodType<PruneView> = z.object({
  cluster: z.string(),
  commit: z.string(),
  massDeletion: MassDeletionSchema.nullable(),
  stopped: z.array(LeavingSchema),
  volumes: z.array(LeavingSchema),
  kept: z.array(LeavingSchema),
  idWithVolumes: z.string().nullable(),
  problems: z.array(ProblemSchema),
});

export const ProfileSchema: z.ZodType<ProfileView> = z.object({
  name: z.string(),
  tags: z.array(z.string()),
  type: z.string(),
  description: z.string(),
  versions: z.array(
    z.object({
      version: z.string(),
      revision: z.number().nullable(),
      deleted: z.boolean(),
      onMain: z.boolean(),
      branch: z.string().nullable(),
      usedBy: z.array(z.string()),
    }),
  ),
});

export const StatusSchema: z.ZodType<StatusView> = z.object({
  version: z.string(),
  head: z.string().nullable(),
  ready: z.boolean(),
  problems: z.array(ProblemSchema),
  clusters: z.record(Health, z.number()),
});

export const EventSchema: z.ZodType<EngineEvent> = z.object({
  id: z.number(),
  time: z.string(),
  type: z.enum(EVENT_TYPES),
  cluster: z.string().exactOptional(),
  profile: z.string().exactOptional(),
  layer: z.string().exactOptional(),
  commit: z.string().exactOptional(),
  state: z.string().exactOptional(),
  object: z.string().exactOptional(),
  fields: z.array(z.string()).readonly().exactOptional(),
  managers: z.array(z.string()).readonly().exactOptional(),
  message: z.string(),
  details: z.array(z.string()).readonly().exactOptional(),
  file: z.string().exactOptional(),
  hint: z.string().exactOptional(),
});

/** Whether a program may send work: `ready` says so, `problems` why not. */
export const ReadinessSchema = z.object({ ready: z.boolean(), problems: z.array(ProblemSchema) });

/** Every answer that is no success. */
export const ErrorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().exactOptional(),
    file: z.string().exactOptional(),
    line: z.number().exactOptional(),
    column: z.number().exactOptional(),
    object: z.string().exactOptional(),
    problems: z.array(ProblemSchema).exactOptional(),
    data: z.record(z.string(), z.unknown()).exactOptional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorSchema>;
