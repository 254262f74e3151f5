import {
  decodeManaged,
  EMPTY_SET,
  encodeManaged,
  type FieldSet,
  type Managed,
  type ManagedEntry,
  managerKey,
  union,
} from "../../merge/index.ts";
import type { PatchStep } from "../../cluster/types.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { FIELD_MANAGER } from "../marks.ts";
import { resourceVersionOf } from "../ownership.ts";

/** Who owns what in a live object, as its `managedFields` tell it. */
export interface Holdings {
  readonly managed: Managed;
  /** Of our Apply entry on the main resource. */
  readonly own: FieldSet;
  /** Of all entries together. */
  readonly all: FieldSet;
}

/** Key of our Apply entry in `Managed`. */
export const OWN_KEY: string = managerKey({ manager: FIELD_MANAGER, operation: "Apply", apiVersion: "" });

/** @throws EngineError `invalid-managed-fields`, `invalid-fields` where a server gives what none should */
export function holdingsOf(object: KubeObject): Holdings {
  const managed = decodeManaged(object);
  const own = managed.get(OWN_KEY)?.fields ?? EMPTY_SET;
  const all = [...managed.values()].map(({ fields }) => fields).reduce(union, EMPTY_SET);
  return { managed, own, all };
}

/** Whether an entry is of the main resource, not of its status or scale. */
export function isOfMain(entry: ManagedEntry): boolean {
  return entry.subresource === undefined;
}

/** Puts other entries in place of an object's `managedFields`. Fails with 409 where it changed since it was read. */
export function entriesPatch(object: KubeObject, managed: Managed): readonly PatchStep[] {
  return [
    { op: "replace", path: "/metadata/managedFields", value: encodeManaged(managed) },
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersionOf(object) },
  ];
}
