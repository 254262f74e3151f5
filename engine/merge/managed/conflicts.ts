import { type FieldSet, pathsOf } from "../fields/field-set.ts";
import { formatPath } from "../fields/path-element.ts";
import type { Managed, ManagerId } from "./entries.ts";

/** A field of a config that another manager set to another value. */
export interface Conflict extends ManagerId {
  /** As the API server prints it: `.spec.template.spec.containers[name="web"].image`. */
  readonly path: string;
}

/** Conflicts by manager, then in the order of the paths. */
export function conflictsOf(managed: Managed, owned: ReadonlyMap<string, FieldSet>): Conflict[] {
  return [...owned]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, fields]) => {
      const entry = managed.get(key);
      if (entry === undefined) return [];
      const { manager, operation, apiVersion, subresource } = entry;
      const id = { manager, operation, apiVersion, ...(subresource === undefined ? {} : { subresource }) };
      return [...pathsOf(fields)].map((path) => ({ ...id, path: formatPath(path) }));
    });
}

/** A manager as the API server names it in the causes of a conflict. */
export function describeManager({ manager, operation, apiVersion, subresource }: ManagerId): string {
  const name = JSON.stringify(manager);
  const at = subresource === undefined ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === "Update" ? `${at} using ${apiVersion}` : at;
}

/** The message of the API server's 409. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${describeManager(first)}: ${first.path}`;
  }
  const lines = [...Map.groupBy(conflicts, describeManager)].flatMap(([manager, theirs]) => [
    `conflicts with ${manager}:`,
    ...theirs.map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}
