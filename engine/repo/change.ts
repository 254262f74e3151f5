import type { Problem } from "../model/errors.ts";
import type { PlanView } from "../model/plan.ts";

/** The files that one intention writes: text by path, null for a removed file or a removed directory. */
export type Edits = ReadonlyMap<string, string | Uint8Array | null>;

/** One user intention, ready to be a commit. */
export interface Change {
  /** Edits on main's tip; empty where the intention is about refs or another branch alone. */
  readonly edits: Edits;
  /** First line of the commit, as a person would write it. */
  readonly subject: string;
  /** What stands below it, where there is more to say. */
  readonly body?: string;
  /** `Strata-Cluster: dev` and the like, for people. */
  readonly trailers: readonly (readonly [key: string, value: string])[];
  /** A branch of a version that gets these edits instead of main; `base` is the commit it starts from where it is new. */
  readonly branch?: { readonly ref: string; readonly base: string };
  /** Refs that move with the commit; `to: "commit"` is the commit itself. */
  readonly refs?: readonly {
    readonly ref: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  /** Revisions that this intention asks for beside those that release on push finds. */
  readonly revisions?: readonly AskedRevision[];
  /** Versions that are released from main although main never held what they are now, as `<profile>@<version>`. */
  readonly insist?: ReadonlySet<string>;
  /** It follows from the state alone: who loses a race plans it again, also where the same file changed. */
  readonly isDerived?: true;
  /** Clusters that this changes, by name. */
  readonly clusters: readonly string[];
  /** What it would do to clusters; asked for a dry run alone. */
  readonly plans?: () => readonly PlanView[];
  /** What the user should know about it. */
  readonly notes?: readonly string[];
  readonly warnings?: readonly Problem[];
}

export interface AskedRevision {
  readonly profile: string;
  readonly version: string;
  readonly event: "deleted" | "restored";
  readonly commit: string;
  readonly tagTo: string | null;
}

export interface RefChange {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What came of one intention. */
export interface ChangeResult {
  /** The commit that was made; null for a dry run, or where nothing had to change. */
  readonly commit: string | null;
  /** Unified diff of the files, plain. */
  readonly diff: string;
  /** Every ref that moved (or would). */
  readonly refs: readonly RefChange[];
  readonly subject: string;
  /** Of a dry run: what it would do to clusters. */
  readonly plans: readonly PlanView[];
  readonly notes: readonly string[];
  readonly clusters: readonly string[];
  readonly warnings: readonly Problem[];
}

export interface ChangeOptions {
  /** Replaces the subject that Strata would write. */
  readonly message?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Who the commit is by; Git's configured identity where it is left out. */
  readonly author?: { readonly name: string; readonly email: string };
  readonly signal: AbortSignal;
}
