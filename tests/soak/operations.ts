/** What is done to a fleet, and how often beside the others. */
export const WEIGHTS = {
  "push-edit": 6,
  "push-version": 3,
  edit: 6,
  version: 2,
  "move-tag": 3,
  choose: 6,
  "push-choose": 4,
  confirm: 12,
  rollback: 5,
  override: 4,
  "drop-override": 2,
  detach: 1,
  attach: 3,
  "change-object": 8,
  "delete-object": 8,
  fault: 10,
  "cut-watches": 3,
  kill: 4,
  freeze: 3,
  rival: 3,
} as const;

export type OperationKind = keyof typeof WEIGHTS;

/** One thing to do. All that is to be chosen in it follows from `pick`. */
export interface Operation {
  readonly kind: OperationKind;
  /** A whole number that chooses the cluster. */
  readonly at: number;
  readonly pick: number;
}

const KINDS = Object.keys(WEIGHTS) as OperationKind[]; // its keys are those of the type

const URN: readonly OperationKind[] = KINDS.flatMap((kind) =>
  Array.from({ length: WEIGHTS[kind] }, () => kind),
);

/** An operation by three whole numbers, without those that the fleet cannot do. */
export function operationOf(
  [which, at, pick]: readonly [number, number, number],
  without: ReadonlySet<OperationKind> = new Set(),
): Operation {
  const urn = URN.filter((kind) => !without.has(kind));
  const kind = urn[which % urn.length];
  if (kind === undefined) throw new Error("no operation is left");
  return { kind, at, pick };
}
