import type { RevisionEvent } from "./types.ts";

export interface RevisionNote {
  readonly source: string;
  readonly event: RevisionEvent;
  readonly message: string;
}

const EVENTS: readonly RevisionEvent[] = ["released", "deleted", "restored"];

/** The text of a revision's tag: the author's message, then the header that {@link decodeRevision} reads, as trailers. */
export function encodeRevision(note: RevisionNote): string {
  const message = note.message.trim() === "" ? note.event : note.message.trim();
  return `${message}\n\nsource: ${note.source}\nevent: ${note.event}\n`;
}

/**
 * Reads what {@link encodeRevision} wrote. A revision tag made by hand without a header counts as released by tag.
 */
export function decodeRevision(text: string): RevisionNote {
  const match = /(?:^|\n\n)source: (\S+)\nevent: (\S+)\n*$/.exec(text);
  const event = EVENTS.find((known) => known === match?.[2]);
  if (match === null || event === undefined)
    return { source: "tag", event: "released", message: text.trim() };
  return { source: match[1] ?? "tag", event, message: text.slice(0, match.index).trim() };
}
