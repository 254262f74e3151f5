import { validate } from "../../engine/merge/index.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { badRequest } from "./status-error.ts";

/**
 * Throws a 400 that names every value of another type than the kind's, and with `strict` every field that the kind does
 * not have, in the words of strict field validation; returns these fields otherwise, as warnings. Custom resources of a
 * wrong type are left to their schema, a 422.
 */
export function refuseMisfits(
  definition: ResourceDefinition,
  object: KubeObject,
  strict: boolean,
): readonly string[] {
  const misfits = validate(object, definition.schema, { allowDuplicates: true });
  const found = `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}`;
  const path = (at: string) => at.replace(/^\./, "");
  const wrong = misfits.filter((misfit) => misfit.code === "wrong-type");
  if (definition.openApi === undefined && wrong.length > 0) {
    const list = wrong.map((misfit) => `${path(misfit.path)}: ${misfit.message}`).join(", ");
    throw badRequest(`${found}: ${list}`);
  }
  const unknown = misfits
    .filter((misfit) => misfit.code === "unknown-field")
    .map((misfit) => `unknown field "${path(misfit.path)}"`);
  if (strict && unknown.length > 0)
    throw badRequest(`${found}: strict decoding error: ${unknown.join(", ")}`);
  return unknown;
}
