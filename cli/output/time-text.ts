/** An ISO 8601 time to the minute, in UTC: `2026-11-23 18:19`. */
export function minuteOf(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
