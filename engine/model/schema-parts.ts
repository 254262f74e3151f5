import { z } from "zod";
import { nameProblem, tagProblem } from "./names.ts";
import { versionProblem } from "./version.ts";

export const API_VERSION = "strata.dev/v1alpha1";

/** A string that `problem` finds nothing wrong with. */
function checked(problem: (text: string) => string | undefined, description: string) {
  return z
    .string()
    .superRefine((text, context) => {
      const message = problem(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .describe(description);
}

export const Name = checked(nameProblem, "An RFC 1123 label");
export const Version = checked(versionProblem, "A SemVer 2.0 version without build metadata, such as 1.1.0");
export const Tag = checked(tagProblem, "`key:value` or a bare word");
export const Tags = z.array(Tag).refine((tags) => new Set(tags).size === tags.length, {
  message: "a tag is listed twice",
});

/** A span of time such as `90s`, `10m` or `2h`. */
export const Duration = z
  .string()
  .regex(/^[1-9][0-9]{0,5}[smh]$/, "must be a span of time such as 90s, 10m or 2h")
  .describe("A span of time such as 90s, 10m or 2h");

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** Seconds of a valid {@link Duration}. */
export function durationSeconds(duration: string): number {
  const unit = duration.at(-1);
  const factor = unit === "h" ? SECONDS.h : unit === "m" ? SECONDS.m : SECONDS.s;
  return Number(duration.slice(0, -1)) * factor;
}
