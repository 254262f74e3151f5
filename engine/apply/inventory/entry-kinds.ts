import type { KindQuery } from "../../cluster/types.ts";
import type { Entry } from "./model.ts";

/** A kind at one version, and the namespaces of its entries. */
export interface EntryKind {
  readonly query: Required<KindQuery>;
  readonly namespaces: ReadonlySet<string>;
}

/** Each kind of which there is an entry, at each version at which objects of it are applied, with their namespaces. */
export function kindsOf(entries: Iterable<Entry>): readonly EntryKind[] {
  const kinds = new Map<string, { query: Required<KindQuery>; namespaces: Set<string> }>();
  for (const { id, version } of entries) {
    const key = `${id.group}/${version}/${id.kind}`;
    const kind = kinds.get(key) ?? {
      query: { group: id.group, kind: id.kind, version },
      namespaces: new Set(),
    };
    kinds.set(key, kind);
    kind.namespaces.add(id.namespace);
  }
  return [...kinds.values()];
}
