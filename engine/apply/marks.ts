/** Field manager of every request with which Strata changes an object. */
export const FIELD_MANAGER = "strata";

/** Namespace, in the target cluster, of the inventories. */
export const STRATA_NAMESPACE = "strata-system";

/** Label of each object of an ApplySet: the set's id (KEP-3659). */
export const PART_OF_LABEL = "applyset.kubernetes.io/part-of";

/** Annotation on an object that was there before Strata first applied it: pruning releases it and never deletes it. */
export const ADOPTED_ANNOTATION = "strata.dev/adopted";

/** Annotation: of an inventory its turn; on an object, that the engine of that turn touched it when it took over. */
export const TURN_ANNOTATION = "strata.dev/turn";
