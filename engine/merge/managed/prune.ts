import type { Json } from "../../model/kube-object.ts";
import {
  difference,
  EMPTY_SET,
  type FieldSet,
  intersection,
  union,
  withNamedParents,
} from "../fields/field-set.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { fieldsOf } from "../typed/fields-of.ts";
import { removeItems } from "../typed/remove-items.ts";
import type { Managed } from "./entries.ts";

/**
 * Removes from a merged object what the applying manager had applied and no manager owns now. `previous` is what it
 * owned before this apply; `managed` holds what each owns now, the applying one its new config.
 */
export function prune(merged: Json, schema: TypeSchema, previous: FieldSet, managed: Managed): Json {
  const named = (set: FieldSet) => withNamedParents(set, schema);
  const had = named(previous);
  const all = named(fieldsOf(merged, schema));
  const owned = named([...managed.values()].map((entry) => entry.fields).reduce(union, EMPTY_SET));

  // removing an item takes all inside it; what others own there has to stay, and the item with it
  const without = removeItems(merged, had, schema);
  const stays = union(named(fieldsOf(without, schema)), owned);
  const withOwned = removeItems(merged, difference(all, stays), schema);

  // of what is gone now, only what this manager had goes
  const gone = difference(all, named(fieldsOf(withOwned, schema)));
  return removeItems(merged, intersection(gone, had), schema);
}
