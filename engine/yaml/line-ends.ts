/** Splits off what an edit must not see: the byte order mark and the carriage returns of line ends. */
export function withoutLineEnds(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

/**
 * Gives an edited text the byte order mark and the line ends of the original: lines that were there keep theirs, new
 * ones get the original's most frequent one.
 */
export function restoreLineEnds(original: string, edited: string): string {
  if (!original.includes("\r\n")) return (original.startsWith("\uFEFF") ? "\uFEFF" : "") + edited;
  const before = original.split("\n");
  const after = edited.split("\n");
  const plain = before.map((line, index) =>
    (index === 0 ? line.replace(/^\uFEFF/, "") : line).replace(/\r$/, ""),
  );
  const most = before.filter((line) => line.endsWith("\r")).length * 2 >= before.length - 1 ? "\r" : "";
  let head = 0;
  while (head < after.length && head < plain.length && after[head] === plain[head]) head++;
  let tail = 0;
  while (
    tail < after.length - head &&
    tail < plain.length - head &&
    after.at(-1 - tail) === plain.at(-1 - tail)
  )
    tail++;
  const changed = after.slice(head, after.length - tail);
  const ended = changed.map((line, index) => (index + head === after.length - 1 ? line : line + most));
  const mark = head === 0 && original.startsWith("\uFEFF") ? "\uFEFF" : "";
  return mark + [...before.slice(0, head), ...ended, ...(tail === 0 ? [] : before.slice(-tail))].join("\n");
}
