import type { LayerName } from "../model/desired.ts";
import { describeProblem, type Problem } from "../model/errors.ts";
import type { LayerState, LayerStatus } from "../model/status.ts";
import type { Entry } from "./inventory/model.ts";
import { firstToLeave } from "./prune/first-to-leave.ts";

export interface Leaving {
  /** What is still in the cluster, by key. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Why what stays stays, and what holds up what is on its way, by key. */
  readonly kept: ReadonlyMap<string, Problem>;
  readonly waiting: ReadonlyMap<string, Problem>;
}

/** How far the layers of an uninstall are, in install order. The one whose turn it is names what holds it up. */
export function leavingLayers(
  layers: readonly LayerName[],
  { entries, kept, waiting }: Leaving,
): readonly LayerStatus[] {
  const going = [...entries].filter(([key]) => !kept.has(key));
  const order = layers.map(nameOf).toReversed();
  const turn = new Set(firstToLeave(going, order).map(([, { layer }]) => layer));
  const byLayer = Map.groupBy(going, ([, { layer }]) => layer);
  return layers.map((layer): LayerStatus => {
    const own = byLayer.get(nameOf(layer)) ?? [];
    const problems = own.flatMap(([key]) => waiting.get(key) ?? []);
    const isGoing = turn.has(nameOf(layer));
    const state: LayerState = own.length === 0 ? "gone" : isGoing ? "waiting" : "pending";
    return { ...layer, state, message: describe(own.length, problems), problems };
  });
}

function nameOf({ profile, name }: LayerName): string {
  return `${profile}/${name}`;
}

function describe(count: number, problems: readonly Problem[]): string {
  if (count === 0) return "";
  const toGo = `${count} ${count === 1 ? "object" : "objects"} to go`;
  const [first] = problems;
  if (first === undefined) return toGo;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return `${toGo}; ${describeProblem(first)}${more}`;
}
