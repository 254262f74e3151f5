import { expect } from "vitest";
import { confirmUpdates, deleteCluster } from "../../engine/actions/index.ts";
import { PART_OF_LABEL } from "../../engine/apply/marks.ts";
import type { ClusterView } from "../../engine/model/view.ts";
import type { Fleet } from "../sync/fleet.ts";
import { figure } from "./figures.ts";

/** Everything that an inventory of Strata lists has this label. */
export const OURS: string = PART_OF_LABEL;

/** For what takes longer than a test on few objects. */
export function longSignal(): AbortSignal {
  return AbortSignal.timeout(5 * 60_000);
}

/** Looks, and waits until the cluster `one` rests. */
export async function rest(fleet: Fleet): Promise<ClusterView> {
  const [view] = await fleet.engine.sync([fleet.name("one")], longSignal());
  if (view === undefined) throw new Error("the cluster is not shown");
  return view;
}

/** Approves what is pending for the cluster `one`. */
export async function confirmAll(fleet: Fleet): Promise<void> {
  const confirmation = { cluster: fleet.name("one"), plans: [], drop: [], edited: new Map() };
  await confirmUpdates(fleet.repo, [confirmation], { signal: longSignal() });
}

/** Deletes the cluster `one`, and expects that nothing is left of it in repository and server. */
export async function uninstall(fleet: Fleet): Promise<void> {
  const cluster = fleet.name("one");
  await deleteCluster(fleet.repo, { cluster, confirm: cluster }, { signal: longSignal() });
  const leftovers = { left: [], kept: [], released: [] };
  expect(await figure("uninstall", () => rest(fleet))).toMatchObject({
    health: "deleted",
    message: "",
    leftovers,
  });
  expect(fleet.engine.fleet()).toEqual([]);
}
