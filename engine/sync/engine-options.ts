import type { Repository } from "../repo/repository.ts";
import type { SessionLog } from "../apply/session-types.ts";
import type { Connect } from "./cluster-runner.ts";

export interface EngineOptions {
  readonly repo: Repository;
  /** Id of this engine in inventories: the same after a restart, another for every other engine. */
  readonly id: string;
  readonly connect: Connect;
  readonly log: SessionLog;
  /** Milliseconds between looks at a remote; a local repository is watched instead. */
  readonly interval: number;
  /** Leaves all other clusters alone: for one pass by hand. */
  readonly only?: ReadonlySet<string>;
  /** Clusters whose inventory is taken over where it belongs to another repository. */
  readonly takeOver?: ReadonlySet<string>;
}
