import type { KubeObject } from "./kube-object.ts";
import type { Place } from "./errors.ts";
import type { Ignored } from "./profile.ts";

/** One object that a layer wants, and where it is written. */
export interface DesiredObject {
  readonly object: KubeObject;
  readonly place: Place;
  /** Places of values that are set when it is made and never again, as managedFields name them. Left out: none. */
  readonly ignored?: readonly (readonly string[])[];
}

/** One rendered layer of a cluster. */
export interface DesiredLayer {
  readonly profile: string;
  readonly name: string;
  readonly type: string;
  /** Seconds from its last apply until a layer that is not healthy counts as failed. */
  readonly timeoutSeconds: number;
  /** What the layer sets at creation only. Left out: nothing. */
  readonly ignore?: readonly Ignored[];
  readonly objects: readonly DesiredObject[];
}

/** A layer by its name, without what it holds. */
export type LayerName = Pick<DesiredLayer, "profile" | "name" | "type">;

/** The complete render of one cluster at one commit. There is none of it where any layer failed to render. */
export interface Desired {
  /** Directory name of the cluster in the repository. */
  readonly cluster: string;
  /** Identity of the repository: equal for all its clones (the id of its first root commit). */
  readonly repository: string;
  readonly commit: string;
  /** In install order; layers of one step install together. */
  readonly steps: readonly (readonly DesiredLayer[])[];
  /** The id of a deletion that the lock approves (mass-deletion.ts). */
  readonly prune?: string;
  /** Set where the cluster is being deleted, with no steps: the layers that go, in install order. */
  readonly uninstall?: readonly LayerName[];
}
