import type { ClusterView, PruneView } from "../../engine/model/view.ts";

/** An engine that can be ended at any moment and started again. */
export interface SoakEngine {
  /** Does nothing where it runs. */
  start(): Promise<void>;
  /** Does nothing where it does not run. */
  kill(): Promise<void>;
  views(): Promise<readonly ClusterView[]>;
  prune(cluster: string): Promise<PruneView>;
}
