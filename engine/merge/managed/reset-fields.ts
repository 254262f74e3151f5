import { type FieldSet, fieldSet, type Path } from "../fields/field-set.ts";
import { schemaFor } from "../schema/builtin.ts";
import type { GroupVersionKind } from "../schema/type-schema.ts";

const ALL_METADATA: Path = ["f:metadata"];

/** Kinds whose `/status` leaves more than `spec` alone, from the strategies of the API server's registries. */
const STATUS_KEEPS: ReadonlyMap<string, readonly Path[]> = new Map<string, readonly Path[]>([
  ["apps/Deployment", [["f:metadata", "f:labels"]]],
  [
    "/Pod",
    [
      ["f:metadata", "f:deletionTimestamp"],
      ["f:metadata", "f:ownerReferences"],
    ],
  ],
  ["apiregistration.k8s.io/APIService", [ALL_METADATA]],
  ["networking.k8s.io/ServiceCIDR", [ALL_METADATA]],
  ["storage.k8s.io/VolumeAttachment", [ALL_METADATA]],
  ["flowcontrol.apiserver.k8s.io/FlowSchema", [ALL_METADATA]],
  ["flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration", [ALL_METADATA]],
  ["resource.k8s.io/ResourceClaim", [ALL_METADATA]],
]);

/**
 * Fields that an endpoint does not take and that its requests never own: `status` for a main resource, `spec` for
 * `/status`. For kinds with a status subresource; a custom resource without one has no such fields.
 */
export function resetFields(gvk: GroupVersionKind, subresource?: string): FieldSet {
  if (subresource !== "status") return fieldSet([["f:status"]]);
  const builtin = schemaFor(gvk) !== undefined;
  const more = builtin ? (STATUS_KEEPS.get(`${gvk.group}/${gvk.kind}`) ?? []) : [ALL_METADATA];
  return fieldSet([["f:spec"], ...more]);
}
