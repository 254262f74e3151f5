import { describeProblem } from "../model/errors.ts";
import { describeId } from "../model/kube-object.ts";
import type { Leftovers } from "../model/status.ts";
import type { Leaving } from "./leaving-layers.ts";

/** So many objects are named; of more it is said how many. */
const MOST = 20;

/** What an uninstall leaves as it stands now: what is known to be held up before the rest. */
export function leftoversOf({ entries, kept, waiting }: Leaving, released: ReadonlySet<string>): Leftovers {
  const held = [...waiting.values()].map(describeProblem);
  const others = [...entries].filter(([key]) => !kept.has(key) && !waiting.has(key));
  return {
    left: bound([...held, ...others.map(([, { id }]) => describeId(id))]),
    kept: bound([...kept.values()].map(describeProblem)),
    released: bound([...released]),
  };
}

function bound(names: readonly string[]): readonly string[] {
  return names.length <= MOST ? names : [...names.slice(0, MOST), `and ${names.length - MOST} more`];
}
