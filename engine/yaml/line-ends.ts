import { applySplices, type Splice, trimmed } from "./splices.ts";

/** Splits off what an edit must not see: the byte order mark and the carriage returns of line ends. */
export function withoutLineEnds(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

/** The line end that most lines of a text have. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  const windows = text.split("\r\n").length;
  return windows > 1 && windows * 2 >= text.split("\n").length ? "\r\n" : "\n";
}

/**
 * Makes the splices of {@link withoutLineEnds}' text in the text itself: the byte order mark and the line ends outside
 * stay as they are, new lines end as most do. Undefined where two splices overlap.
 */
export function spliceLines(text: string, splices: readonly Splice[]): string | undefined {
  const plain = withoutLineEnds(text);
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const lineEnd = lineEndOf(text);
  const returns: number[] = [];
  for (let at = text.indexOf("\r\n"); at !== -1; at = text.indexOf("\r\n", at + 2))
    returns.push(at - mark - returns.length);
  const given = (offset: number) => offset + mark + countBelow(returns, offset);
  const moved = splices.map((splice) => {
    const { start, end, text: added } = trimmed(plain, splice);
    return { start: given(start), end: given(end), text: added.replaceAll("\n", lineEnd) };
  });
  return applySplices(text, moved);
}

/** How many of the ascending numbers are less than the limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
