type Identity<Item> = (item: Item) => string | undefined;

/**
 * The items with those that `order` names in its order, the others in the order of `original`; the two woven
 * together so that an other comes before the next named one where it did so in the original list, else after.
 * An item without identity is no named one and has no place in the original list.
 */
export function arrange<Item>(
  items: readonly Item[],
  original: readonly Item[],
  order: readonly Item[],
  identity: Identity<Item>,
): readonly Item[] {
  const inOrder = places(order, identity);
  const inOriginal = places(original, identity);
  const placed = items.map((item) => {
    const id = identity(item);
    const placeIn = (index: ReadonlyMap<string, number>) => (id === undefined ? -1 : (index.get(id) ?? -1));
    return { item, wanted: placeIn(inOrder), place: placeIn(inOriginal) };
  });
  const named = placed.filter(({ wanted }) => wanted >= 0).toSorted((a, b) => a.wanted - b.wanted);
  const others = placed.filter(({ wanted }) => wanted < 0);

  const arranged: Item[] = [];
  let o = 0;
  for (const { item, place } of named) {
    for (let other = others[o]; other !== undefined && place >= 0; other = others[o]) {
      if (other.place < 0 || other.place >= place) break;
      arranged.push(other.item);
      o++;
    }
    arranged.push(item);
  }
  return [...arranged, ...others.slice(o).map(({ item }) => item)];
}

function places<Item>(list: readonly Item[], identity: Identity<Item>): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const id = identity(item);
    if (id !== undefined && !found.has(id)) found.set(id, index);
  }
  return found;
}
