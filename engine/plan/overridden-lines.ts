import { diffArrays } from "diff";

/** The lines of `shown`, from 1, that are not as the profile's text has them. */
export function overriddenLines(profile: string, shown: string): number[] {
  if (profile === shown) return [];
  const lines: number[] = [];
  let line = 0;
  for (const part of diffArrays(profile.split("\n"), shown.split("\n"))) {
    if (part.removed) continue;
    if (part.added) lines.push(...part.value.map((_text, index) => line + index + 1));
    line += part.value.length;
  }
  return lines;
}
