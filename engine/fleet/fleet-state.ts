import type { RepoState, StateReader } from "../repo/state.ts";
import type { Renderer } from "./render-cluster.ts";

/** A state of the repository, and the means to read and render what it names. */
export interface FleetState {
  readonly reader: StateReader;
  readonly renderer: Renderer;
  readonly state: RepoState;
}
