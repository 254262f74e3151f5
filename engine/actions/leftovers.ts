import type { Problem } from "../model/errors.ts";
import type { ClusterLive, Leftovers } from "../model/status.ts";

/** What is known of a live state that says what is left in its cluster. */
type Known = Pick<ClusterLive, "leftovers" | "blockedBy" | "message">;

/** What a deletion that ends now leaves in its cluster; where the cluster did not answer, that nothing more is known. */
export function leftoversAtEnd(live: Known | undefined): Leftovers {
  const { leftovers, message = "", blockedBy = [] } = live ?? {};
  if (leftovers === undefined) {
    const [why = message === "" ? "the engine had no answer from the cluster" : message] = reasons(blockedBy);
    const left = `all that it ran, as far as is known: nothing could be uninstalled, ${why}`;
    return { left: [left], kept: [], released: [] };
  }
  const stopped = reasons(blockedBy).map((why) => `nothing more could be uninstalled, ${why}`);
  return { ...leftovers, left: [...stopped, ...leftovers.left] };
}

/** What keeps the engine out of the cluster as a whole. */
function reasons(problems: readonly Problem[]): string[] {
  return problems
    .filter(({ object, severity }) => object === undefined && severity !== "warning")
    .map(({ code, message }) =>
      code === "cluster-unreachable" ? `the cluster could not be reached: ${message}` : message,
    );
}

/** The same as lines, under a heading for each kind; none where nothing is left. */
export function leftoverLines({ left, kept, released }: Leftovers): string[] {
  return [
    ...section("Left in the cluster:", left),
    ...section("Kept in the cluster, on purpose:", kept),
    ...section("Released, as it was there before Strata:", released),
  ];
}

/** One sentence about a cluster whose directory went. */
export function describeDeleted(cluster: string, { left, kept, released }: Leftovers): string {
  const part = (title: string, names: readonly string[]) =>
    names.length === 0 ? "" : `; ${title}: ${names.join(", ")}`;
  const end = left.length === 0 ? "is deleted" : "is removed, but not all of it is uninstalled";
  return `${cluster} ${end}${part("left in it", left)}${part("kept in it", kept)}${part("released, as it was there before", released)}`;
}

function section(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [title, ...names.map((name) => `- ${name}`)];
}
