const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^\p{RGI_Emoji}$/v;
/** Characters of one column each, among them those that tables are made with: most texts have no others. */
const NARROW = /^[\x20-\x7e·–—…←-⇿]*$/;
const MARK = /^[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns that a text without escape sequences takes in a terminal (https://unicode.org/reports/tr11). */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  return graphemes(text).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0);
}

/** The text cut to `width` columns; what was cut shows as `…`. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let used = 0;
  let kept = "";
  for (const grapheme of graphemes(text)) {
    used += graphemeWidth(grapheme);
    if (used > width - 1) break;
    kept += grapheme;
  }
  return width < 1 ? "" : `${kept}…`;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

function graphemes(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme) || WIDE.test(grapheme)) return 2;
  return MARK.test(grapheme) ? 0 : 1;
}
