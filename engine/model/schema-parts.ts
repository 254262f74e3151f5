import { z } from "zod";
import {
  MAX_NAME_LENGTH,
  MAX_TAG_LENGTH,
  NAME_PATTERN,
  nameProblem,
  TAG_PATTERN,
  tagProblem,
} from "./names.ts";
import { MAX_VERSION_LENGTH, VERSION_PATTERN, versionProblem } from "./version.ts";

export const API_VERSION = "strata.dev/v1alpha1";

/** What editors are told of a string: as close to its check as JSON Schema can say. */
interface Hints {
  readonly description: string;
  readonly pattern: string;
  readonly maxLength: number;
}

/** A string that `problem` finds nothing wrong with. */
function checked(problem: (text: string) => string | undefined, hints: Hints) {
  return z
    .string()
    .superRefine((text, context) => {
      const message = problem(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .meta({ ...hints });
}

export const Name = checked(nameProblem, {
  description: "A name of a-z, 0-9 and `-` (an RFC 1123 label)",
  pattern: NAME_PATTERN.source,
  maxLength: MAX_NAME_LENGTH,
});
export const Version = checked(versionProblem, {
  description: "A SemVer 2.0 version without build metadata, such as 1.1.0",
  pattern: VERSION_PATTERN.source,
  maxLength: MAX_VERSION_LENGTH,
});
export const Tag = checked(tagProblem, {
  description: "`key:value` or a bare word",
  pattern: TAG_PATTERN.source,
  maxLength: MAX_TAG_LENGTH,
});
export const Tags = z
  .array(Tag)
  .refine((tags) => new Set(tags).size === tags.length, { message: "a tag is listed twice" })
  .meta({ description: "Words to find it by, such as `env:production`", uniqueItems: true });

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
