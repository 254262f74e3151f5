import type { DeleteOptions } from "../api/delete-object.ts";
import type { WriteOptions } from "../api/objects.ts";
import { StatusError } from "../api/status-error.ts";
import { mapAt, textAt } from "../store/parts.ts";
import type { Call } from "./call.ts";
import { parseBody } from "./request-body.ts";

type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions" | "DeleteOptions";

/** How a write is asked for. Throws a 422 for a value that does not exist. */
export function writeOptions({ query, request }: Call, kind: OptionsKind): WriteOptions {
  const agent = (request.headers["user-agent"] ?? "unknown").split("/")[0] ?? "unknown";
  const validation = query.get("fieldValidation") ?? "";
  if (!["", "Ignore", "Warn", "Strict"].includes(validation))
    throw unsupported(kind, "fieldValidation", `"${validation}"`, '"Ignore", "Strict", "Warn"');
  return {
    manager: query.get("fieldManager") ?? agent,
    dryRun: isDryRun(kind, query.getAll("dryRun")),
    force: query.get("force") === "true",
    strict: validation === "Strict",
  };
}

/** How a deletion is asked for, in the body or the query. Throws a 400 or 422. */
export function deleteOptions({ body, query, definition }: Call): DeleteOptions {
  const parsed = body.length === 0 ? {} : mapAt(parseBody(body));
  const preconditions = mapAt(parsed, "preconditions");
  const dryRun = Array.isArray(parsed.dryRun) ? parsed.dryRun.map(String) : query.getAll("dryRun");
  const asked = textAt(parsed, "propagationPolicy") || (query.get("propagationPolicy") ?? "");
  return {
    uid: textAt(preconditions, "uid"),
    resourceVersion: textAt(preconditions, "resourceVersion"),
    propagation: isPolicy(asked) ? asked : defaultPolicy(definition.group, definition.kind),
    dryRun: isDryRun("DeleteOptions", dryRun),
  };
}

function isPolicy(text: string): text is DeleteOptions["propagation"] {
  return text === "Orphan" || text === "Foreground" || text === "Background";
}

/** Kinds of the time before garbage collection let their Pods go when nothing else is said. */
function defaultPolicy(group: string, kind: string): DeleteOptions["propagation"] {
  const lets = (group === "batch" && kind === "Job") || (group === "" && kind === "ReplicationController");
  return lets ? "Orphan" : "Background";
}

function isDryRun(kind: OptionsKind, given: readonly string[]): boolean {
  const asked = given.filter((one) => one !== "");
  if (asked.some((one) => one !== "All")) throw unsupported(kind, "dryRun", JSON.stringify(asked), '"All"');
  return asked.length > 0;
}

function unsupported(kind: OptionsKind, field: string, value: string, supported: string): StatusError {
  return invalidOption(
    kind,
    field,
    "FieldValueNotSupported",
    `Unsupported value: ${value}: supported values: ${supported}`,
  );
}

/** The 422 of an option that cannot be. */
export function invalidOption(
  kind: OptionsKind,
  field: string,
  reason: string,
  message: string,
): StatusError {
  return new StatusError(422, "Invalid", `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: "meta.k8s.io",
    kind,
    causes: [{ reason, message, field }],
  });
}
