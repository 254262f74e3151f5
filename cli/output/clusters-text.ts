import type { ClusterView } from "../../engine/model/view.ts";
import type { Printer } from "./printer.ts";
import { renderProblem } from "./problem-text.ts";

/** So many clusters are told in full what holds them up. */
const MOST = 20;

/** What holds clusters up, each with its name, place and what to do; of very many the first. */
export function renderBlockers(clusters: readonly ClusterView[], { style }: Printer): string {
  const blocked = clusters.filter(({ blockedBy }) => blockedBy.length > 0);
  const texts = blocked
    .slice(0, MOST)
    .flatMap(({ name, blockedBy }) =>
      blockedBy.map((problem) =>
        renderProblem({ ...problem, message: `${name}: ${problem.message}` }, style),
      ),
    );
  const rest = blocked.length - MOST;
  return (
    texts.join("") + (rest > 0 ? `and ${rest} more clusters: see each with \`strata cluster show\`\n` : "")
  );
}
