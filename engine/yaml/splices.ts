/** A stretch of a text and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** All splices at once; at one place those that only insert come first, in their order. Undefined where two overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const parts: string[] = [];
  let at = 0;
  for (const splice of inOrder(splices)) {
    if (splice.start < at) return undefined;
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join("") + text.slice(at);
}

/** Where in the text before the splices a place of the text behind them comes from. */
export function originOf(splices: readonly Splice[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of inOrder(splices)) {
    if (offset < start + shift) break;
    if (offset < start + shift + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}

function inOrder(splices: readonly Splice[]): Splice[] {
  return splices.toSorted((a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start));
}

/** The same change of a text, without what it takes away and puts back at its ends. */
export function trimmed(text: string, { start, end, text: added }: Splice): Splice {
  let head = 0;
  let tail = 0;
  const most = Math.min(end - start, added.length);
  while (head < most && text[start + head] === added[head]) head++;
  while (tail < most - head && text[end - 1 - tail] === added[added.length - 1 - tail]) tail++;
  return { start: start + head, end: end - tail, text: added.slice(head, added.length - tail) };
}
