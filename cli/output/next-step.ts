import type { PlanView } from "../../engine/model/plan.ts";
import { shellWord } from "../../engine/model/shell-word.ts";

/** The command that confirms what was shown, with the decisions that are needed; empty where none would be taken. */
export function nextStep(cluster: string, plans: readonly PlanView[]): string {
  const sound = plans.filter(({ problems }) => problems.length === 0);
  const [first] = sound;
  if (first === undefined) return "";
  const command = `strata cluster confirm ${cluster}`;
  const undecided = sound.find((plan) => orphansOf(plan).length > 0);
  if (undecided === undefined)
    return `Confirm with: ${command}${plans.length === 1 || sound.length < plans.length ? ` --plan ${first.plan}` : ""}\n`;
  const drops = orphansOf(undecided).map((path) => ` --drop ${shellWord(path)}`);
  return `Overrides have lost their place; drop or edit them: ${command} --plan ${undecided.plan}${drops.join("")}\n`;
}

function orphansOf({ layers }: PlanView): string[] {
  return layers.flatMap(({ overrides }) =>
    overrides
      .filter(({ state }) => state === "orphaned")
      .map(({ object, path }) => (path === "" ? object : `${object} ${path}`)),
  );
}
