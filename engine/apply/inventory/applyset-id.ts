import { createHash } from "node:crypto";
import { STRATA_NAMESPACE } from "../marks.ts";

/**
 * Id of the ApplySet whose parent is the ConfigMap `parent` in `strata-system`.
 * Rule: KEP-3659, `applyset-<base64url(sha256(name.namespace.kind.group))>-v1`.
 */
export function applySetId(parent: string): string {
  const hash = createHash("sha256").update(`${parent}.${STRATA_NAMESPACE}.ConfigMap.`).digest("base64url");
  return `applyset-${hash}-v1`;
}
