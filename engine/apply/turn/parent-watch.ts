import { isNotNewer } from "../../cluster/resource-version.ts";
import type { KubeApi, Watch } from "../../cluster/types.ts";
import { CONFIG_MAPS } from "../core-types.ts";
import { type Parent, readParent } from "../inventory/parent.ts";
import { STRATA_NAMESPACE } from "../marks.ts";
import { resourceVersionOf } from "../ownership.ts";

export interface ParentWatchOptions {
  readonly api: KubeApi;
  /** Name of the parent ConfigMap. */
  readonly name: string;
  /** Called when the parent changed or went, or the watch came to stand or went down. */
  readonly onChange: () => void;
}

/** The parent as the watch last showed it; `parent` is undefined where it is there no more. */
interface SeenParent {
  readonly version: string;
  readonly parent: Parent | undefined;
}

/** The watch of one inventory's parent. */
export class ParentWatch {
  readonly name: string;
  readonly #watch: Watch;
  #seen: SeenParent | undefined;
  #isSynced = false;
  #isDown = false;

  constructor({ api, name, onChange }: ParentWatchOptions) {
    this.name = name;
    const see = (version: string, parent: Parent | undefined): void => {
      this.#seen = { version, parent };
      onChange();
    };
    const turn = (isSynced: boolean, isDown: boolean): void => {
      this.#isSynced = isSynced;
      this.#isDown = isDown;
      onChange();
    };
    const selection = { namespace: STRATA_NAMESPACE, fieldSelector: `metadata.name=${name}` };
    this.#watch = api.watch(CONFIG_MAPS, selection, {
      onUpsert: (object) => see(resourceVersionOf(object), readParent(object)),
      onGone: ({ resourceVersion }) => see(resourceVersion ?? this.#seen?.version ?? "", undefined),
      onSynced: () => turn(true, false),
      onDown: () => turn(this.#isSynced, true),
      onUp: () => turn(this.#isSynced, false),
    });
  }

  /** Every change of the parent is told. */
  get stands(): boolean {
    return this.#isSynced && !this.#isDown;
  }

  /** What it showed since the parent was at this resourceVersion (empty: there was none); undefined where nothing changed. */
  since(version: string): SeenParent | undefined {
    const seen = this.#seen;
    if (seen === undefined) return undefined;
    if (seen.parent !== undefined) return isNotNewer(seen.version, version) ? undefined : seen;
    const isBefore = version === "" || (seen.version !== version && isNotNewer(seen.version, version));
    return isBefore ? undefined : seen;
  }

  close(): void {
    this.#watch.close();
  }
}
