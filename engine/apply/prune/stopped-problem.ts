import type { Problem } from "../../model/errors.ts";
import type { MassDeletion } from "../../model/mass-deletion.ts";

/** That a sync stopped before a mass deletion, and how it goes on. */
export function stoppedProblem(cluster: string, { id, deletes, of }: MassDeletion): Problem {
  const command = `strata cluster prune ${cluster}`;
  return {
    code: "prune-stopped",
    message: `the sync would delete ${deletes} of ${of} objects: it stopped, and nothing was deleted`,
    hint: `\`${command}\` lists them, \`${command} --plan ${id}\` lets them go; a commit that brings them back ends this too`,
    severity: "error",
  };
}
