import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { targetOf } from "../api/objects.ts";
import type { ControllerContext } from "./types.ts";
import { deleteObject } from "../api/delete-object.ts";
import { StatusError } from "../api/status-error.ts";

/** Creates an object, or leaves the one that is there. */
export function ensure(context: ControllerContext, object: KubeObject, manager: string): void {
  const definition = context.registry.byKind(object.apiVersion, object.kind);
  if (definition === undefined) return;
  const target = targetOf(definition, object);
  if (context.objects.find(target) !== undefined) return;
  tolerant(() => context.objects.create(target, object, { manager }));
}

/** Merges fields into an object; `status` goes through its subresource. */
export function change(
  context: ControllerContext,
  object: KubeObject,
  patch: JsonObject,
  manager: string,
): void {
  const definition = context.registry.byKind(object.apiVersion, object.kind);
  if (definition === undefined) return;
  const subresource =
    patch.status !== undefined && definition.subresources.includes("status") ? "status" : "";
  tolerant(() =>
    context.objects.patch(targetOf(definition, object, subresource), "merge", patch, { manager }),
  );
}

export function remove(
  context: ControllerContext,
  object: KubeObject,
  propagation: "Background" | "Foreground" = "Background",
): void {
  const definition = context.registry.byKind(object.apiVersion, object.kind);
  if (definition === undefined) return;
  const options = { uid: "", resourceVersion: "", propagation, dryRun: false } as const;
  tolerant(() => deleteObject(context.objects, targetOf(definition, object), options, context.now()));
}

/** What went meanwhile is no error: its own event says what is next. */
function tolerant(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}
