import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { numberAt, withMetadata } from "../store/parts.ts";
import type { Target } from "./objects.ts";
import { groupVersion } from "./registry.ts";

const WITHOUT_GENERATION = new Set([
  "Namespace",
  "Service",
  "ConfigMap",
  "Secret",
  "ServiceAccount",
  "Endpoints",
  "EndpointSlice",
  "Event",
  "Node",
  "Lease",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
]);

/** What a new object has that no client chooses. */
export function asNew({ definition, namespace, name }: Target, body: KubeObject, time: string): KubeObject {
  return withMetadata(
    { ...body, apiVersion: groupVersion(definition), kind: definition.kind },
    {
      name,
      namespace: definition.namespaced ? namespace : undefined,
      uid: randomUUID(),
      creationTimestamp: time,
      resourceVersion: undefined,
      deletionTimestamp: undefined,
      selfLink: undefined,
    },
  );
}

/** Identity and the other half (spec or status) as they were: an endpoint changes its own half only. */
export function keepOther(
  { definition, subresource }: Target,
  before: KubeObject,
  after: KubeObject,
): KubeObject {
  const kept = [
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "resourceVersion",
    "namespace",
    "name",
  ];
  const identity = Object.fromEntries(kept.map((field) => [field, before.metadata[field]]));
  const split = definition.subresources.includes("status");
  if (subresource === "status") {
    const status = after.status === undefined ? {} : { status: after.status };
    const { status: _old, ...rest } = before;
    const { managedFields, annotations } = after.metadata;
    return withMetadata(
      { ...rest, ...status } as KubeObject, // only status was exchanged
      {
        ...(managedFields === undefined ? {} : { managedFields }),
        ...(isDeployment(definition) && annotations !== undefined ? { annotations } : {}),
      },
    );
  }
  const { status: _new, ...rest } = after;
  const status = split ? before.status : after.status;
  return withMetadata(
    {
      ...rest,
      apiVersion: before.apiVersion,
      kind: before.kind,
      ...(status === undefined ? {} : { status }),
    } as KubeObject,
    identity,
  ); // metadata is kept
}

/**
 * The generation that an object has after a write: one more where anything but metadata and status changed. A
 * Deployment's annotations count too, but not where they come with its status, as its controller sends the revision.
 */
export function nextGeneration(
  { definition, subresource }: Target,
  before: KubeObject | undefined,
  after: KubeObject,
): number | undefined {
  if (WITHOUT_GENERATION.has(definition.kind)) return undefined;
  if (before === undefined) return 1;
  const spec = ({ metadata: _metadata, status: _status, apiVersion: _version, ...rest }: KubeObject) => rest;
  const old = numberAt(before, ["metadata", "generation"], 1);
  if (!isDeepStrictEqual(spec(before), spec(after))) return old + 1;
  const counts = isDeployment(definition) && subresource === "";
  return counts && !isDeepStrictEqual(annotationsOf(before), annotationsOf(after)) ? old + 1 : old;
}

/** Whose annotations the API server treats as a part of what is wanted (its deployment strategy). */
function isDeployment({ group, kind }: Target["definition"]): boolean {
  return group === "apps" && kind === "Deployment";
}

function annotationsOf({ metadata }: KubeObject): unknown {
  return metadata.annotations ?? {};
}
