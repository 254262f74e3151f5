/**
 * The `$setElementOrder` that a list needs to come out in the wanted order: undefined where it does by itself, which
 * is what remains of the original list and then the new items. Only the stretch that differs is named, with the item
 * before a new one as its anchor; `arrange` leaves the rest where it is. `wanted` holds all of `remaining`.
 */
export function setOrder(
  remaining: readonly string[],
  wanted: readonly string[],
): readonly string[] | undefined {
  const places = new Map(remaining.map((id, index) => [id, index]));
  let last = remaining.length;
  const natural = wanted.map((id) => places.get(id) ?? last++);
  if (natural.every((place, index) => index === 0 || place > (natural[index - 1] ?? 0))) return undefined;

  const end = startOfTail(natural, remaining.length);
  let start = 0;
  while (start < end && wanted[start] === remaining[start]) start++;
  if (start > 0 && !places.has(wanted[start] ?? "")) start--;
  return wanted.slice(start, end);
}

/** The first index from which all stand in their natural order and, of the originals, behind all before. */
function startOfTail(natural: readonly number[], originals: number): number {
  const highestBefore: number[] = [];
  let highest = -1;
  for (const place of natural) {
    highestBefore.push(highest);
    if (place < originals) highest = Math.max(highest, place);
  }
  let start = natural.length;
  let next = Number.POSITIVE_INFINITY;
  for (let index = natural.length - 1; index >= 0; index--) {
    const place = natural[index] ?? 0;
    if (place > next) break;
    next = place;
    if (place > (highestBefore[index] ?? -1)) start = index;
  }
  return start;
}
