import type { DesiredObject } from "./desired.ts";
import type { Problem } from "./errors.ts";
import type { MassDeletion } from "./mass-deletion.ts";
import type { OverrideState } from "./view.ts";

/** One place that an update changes in the profile. Values of Secrets are hidden. */
export interface PlanChange {
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  /** Empty where the object as a whole comes or goes. */
  readonly path: string;
  /** Null where there was nothing. */
  readonly before: unknown;
  /** Null where there is nothing any more. */
  readonly after: unknown;
}

/** One overridden path, and what the update means for it. */
export interface PlanOverride {
  readonly object: string;
  readonly path: string;
  /** What the override puts there; null where it removes what is there. */
  readonly value: unknown;
  /** What the profile had there when the override was made or last merged; null where it had nothing. */
  readonly before: unknown;
  /** What the profile has there after the update. */
  readonly after: unknown;
  readonly state: OverrideState;
}

export interface PlanLayer {
  readonly name: string;
  readonly type: string;
  /** The layer's text as the cluster runs it now, overrides over it; empty where the layer is new. */
  readonly current: string;
  /** The same after the update, overrides kept. */
  readonly pending: string;
  /** Lines of `pending`, from 1, that are not as the profile has them. */
  readonly overriddenLines: readonly number[];
  readonly changes: readonly PlanChange[];
  readonly overrides: readonly PlanOverride[];
}

/**
 * What confirming does to an object. `unchanged`: it differs only in what is set at creation. What only the cluster can tell is known after a dry run on its server: `adopted`
 * (it is there already, and nobody's), `replaced` (deleted and made again), `released` (it was there before Strata: it
 * stays).
 */
export const EFFECTS = [
  "created",
  "changed",
  "unchanged",
  "pruned",
  "kept",
  "adopted",
  "replaced",
  "released",
] as const;
export type Effect = (typeof EFFECTS)[number];

/** What confirming does to one object of the cluster, for people and programs. */
export interface PlanEffect {
  readonly layer: string;
  readonly object: string;
  readonly effect: Effect;
  /** One sentence; empty where the effect says it all. */
  readonly why: string;
  /** Why the server would refuse it; only after a dry run. */
  readonly problem?: Problem;
}

/** What going from one render to another does to one object: as it is after the update, or was before where it leaves. */
export interface ObjectEffect extends DesiredObject {
  readonly layer: string;
  readonly effect: Effect;
  readonly why: string;
}

/** A pending update in a list of many. */
export interface UpdateView {
  readonly plan: string;
  readonly cluster: string;
  readonly profile: string;
  readonly version: string;
  /** Revisions; null where the locked content is none. */
  readonly from: number | null;
  readonly to: number | null;
  /** How many places it changes in the profile. */
  readonly changes: number;
  /** How many overridden paths are in which state. */
  readonly overrides: Readonly<Record<OverrideState, number>>;
  /** Set where confirming it approves one. */
  readonly massDeletion?: MassDeletion;
  readonly problems: readonly Problem[];
}

/** A pending update of one profile in one cluster, for people and programs. */
export interface PlanView {
  /** Its id: equal exactly where the content is. */
  readonly plan: string;
  readonly cluster: string;
  readonly profile: string;
  readonly version: string;
  /** The version that it leads away from; the same for a pending update. */
  readonly fromVersion: string;
  /** Revisions; null where the locked content is none. */
  readonly from: number | null;
  readonly to: number | null;
  /** Empty where there are problems, as `effects`. */
  readonly layers: readonly PlanLayer[];
  readonly effects: readonly PlanEffect[];
  /** Set where confirming it approves one: more than half of the cluster's objects go. */
  readonly massDeletion?: MassDeletion;
  /** What keeps it from being confirmed, decisions about overrides apart: it does not render. */
  readonly problems: readonly Problem[];
}
