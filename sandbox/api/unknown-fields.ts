import { validate } from "../../engine/merge/index.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { StatusError } from "./status-error.ts";

/** Throws a 400 that names every field which the schema does not know, in the words of strict field validation. */
export function refuseUnknownFields(definition: ResourceDefinition, object: KubeObject): void {
  const misfits = validate(object, definition.schema, { allowDuplicates: true });
  const unknown = misfits.filter((misfit) => misfit.code === "unknown-field");
  if (unknown.length === 0) return;
  const list = unknown.map((misfit) => `unknown field "${misfit.path.replace(/^\./, "")}"`).join(", ");
  const kind = `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}`;
  throw new StatusError(400, "BadRequest", `${kind}: strict decoding error: ${list}`);
}
