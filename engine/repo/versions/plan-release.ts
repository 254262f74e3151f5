import type { Problem } from "../../model/errors.ts";
import { revisionTagRef, versionBranchRef, versionTagRef, MAIN_REF } from "../paths.ts";
import {
  currentRevision,
  isDeleted,
  lastMoving,
  type ProfileContent,
  type RevisionEvent,
  type VersionIndex,
  type VersionState,
  versionState,
} from "./types.ts";

/** A profile as main's tip declares it. Invalid profiles are not listed: they release nothing. */
export interface DeclaredProfile extends ProfileContent {
  readonly name: string;
  readonly version: string;
}

/** A lock entry at main's tip whose content no revision holds but main's history does. */
export interface LockedContent extends ProfileContent {
  readonly profile: string;
  readonly version: string;
}

export interface ReleaseInput {
  readonly main: readonly DeclaredProfile[];
  readonly versions: VersionIndex;
  readonly locks: readonly LockedContent[];
  /** Contents of a profile that main's history holds; asked only for {@link profilesNeedingHistory}. */
  readonly mainHistory: ReadonlyMap<string, ReadonlySet<string>>;
  /** Versions that the user insists on releasing from main, as `<profile>@<version>`. */
  readonly insist?: ReadonlySet<string>;
}

export interface NewRevision extends ProfileContent {
  readonly profile: string;
  readonly version: string;
  readonly number: number;
  readonly ref: string;
  readonly source: string;
  readonly event: RevisionEvent;
  /** The version's tag and its raw value now; `moves` where the revision sets it. A revision made of a lock leaves it alone. */
  readonly tag?: { readonly ref: string; readonly from: string | null; readonly moves: boolean };
}

export interface ReleasePlan {
  readonly revisions: readonly NewRevision[];
  /** What keeps a version from being released, and what to do. */
  readonly conditions: readonly Problem[];
}

/**
 * Which revisions the tips of the repository call for: one pass of *release on push* (design, *Versions are tags*).
 * It looks at tips alone, so a second pass over the result finds nothing.
 */
export function planRelease(input: ReleaseInput): ReleasePlan {
  const pass = new Pass(input);
  for (const versions of input.versions.values()) {
    for (const state of versions.values()) pass.fromTag(state);
  }
  for (const declared of input.main) pass.fromMain(declared);
  for (const versions of input.versions.values()) {
    for (const state of versions.values()) pass.fromBranch(state);
  }
  for (const lock of input.locks) pass.fromLock(lock);
  return { revisions: pass.revisions, conditions: pass.conditions };
}

/** Profiles for which {@link planRelease} must know what main's history held. */
export function profilesNeedingHistory(main: readonly DeclaredProfile[], versions: VersionIndex): string[] {
  return main
    .filter((declared) => {
      const current = currentRevision(versionState(versions, declared.name, declared.version));
      return current !== undefined && current.source !== MAIN_REF && current.content !== declared.content;
    })
    .map((declared) => declared.name);
}

class Pass {
  readonly revisions: NewRevision[] = [];
  readonly conditions: Problem[] = [];
  readonly #input: ReleaseInput;

  constructor(input: ReleaseInput) {
    this.#input = input;
  }

  fromTag(state: VersionState): void {
    this.conditions.push(...state.problems);
    const { profile, version, tag } = state;
    const name = `${profile}@${version}`;
    const last = lastMoving(state);
    if (tag === undefined) {
      if (last !== undefined && last.event !== "deleted") {
        this.#condition(
          "version-tag-missing",
          name,
          `the tag of ${name} is gone, but it was not deleted by Strata`,
          {
            hint: `bring it back with \`strata profile restore ${name}\`, or end it with \`strata profile delete ${name}\``,
          },
        );
      }
      return;
    }
    if (last?.event === "deleted") {
      this.#condition("version-deleted", name, `${name} was deleted, and its tag came back`, {
        hint: `restore it with \`strata profile restore ${name}\`, or remove the tag again: git push --delete <remote> ${tag.ref}`,
      });
      return;
    }
    if (last?.content === tag.content) return;
    this.#add(state, profile, version, tag, "tag", { ref: tag.ref, from: tag.oid, moves: false });
  }

  fromMain(declared: DeclaredProfile): void {
    const state = versionState(this.#input.versions, declared.name, declared.version);
    const name = `${declared.name}@${declared.version}`;
    const insist = this.#input.insist?.has(name) ?? false;
    if (state?.branch !== undefined) {
      const last = state.revisions.findLast((revision) => revision.source === MAIN_REF);
      if (declared.content === this.#current(state)?.content || declared.content === last?.content) return;
      this.#condition("branch-owns-version", name, `main changes ${name}, but its branch owns that version`, {
        hint: `change it on the branch (\`strata profile edit ${name}\`), delete ${versionBranchRef(declared.name, declared.version)}, or give main another version`,
      });
      return;
    }
    if (state !== undefined && isDeleted(state)) {
      if (!state.revisions.some((revision) => revision.content === declared.content)) {
        this.#addMoving(state, declared, MAIN_REF);
      } else {
        this.#condition(
          "version-deleted",
          name,
          `main declares ${name}, which was deleted with this content`,
          {
            hint: `restore it with \`strata profile restore ${name}\`, or give main another version`,
          },
        );
      }
      return;
    }
    const current = this.#current(state);
    if (current?.content === declared.content) return;
    const lastFromMain = state?.revisions.findLast((revision) => revision.source === MAIN_REF);
    if (lastFromMain?.content === declared.content && !insist) return;
    const held =
      current === undefined || current.source === MAIN_REF || this.#mainHeld(declared.name, current.content);
    if (!held && !insist) {
      this.#condition(
        "main-never-held",
        name,
        `${name} was changed outside main, and main never held that change`,
        {
          hint: `bring the change to main (git merge ${versionTagRef(declared.name, declared.version)}), or release main's content with \`strata profile release ${name}\``,
        },
      );
      return;
    }
    this.#addMoving(state, declared, MAIN_REF);
  }

  fromBranch(state: VersionState): void {
    const { branch, profile, version } = state;
    if (branch === undefined) return;
    if (isDeleted(state) && state.revisions.some((revision) => revision.content === branch.content)) {
      const name = `${profile}@${version}`;
      this.#condition("version-deleted", name, `${name} was deleted, and its branch came back`, {
        hint: `restore it with \`strata profile restore ${name}\`, or remove the branch again`,
      });
      return;
    }
    if (this.#current(state)?.content === branch.content) return;
    const last = state.revisions.findLast((revision) => revision.source === branch.ref);
    if (last?.content === branch.content) return;
    this.#addMoving(state, { ...branch, name: profile, version }, branch.ref);
  }

  fromLock(lock: LockedContent): void {
    const state = versionState(this.#input.versions, lock.profile, lock.version);
    const known = (revision: ProfileContent & { profile?: string; version?: string }) =>
      revision.content === lock.content;
    const planned = this.revisions.filter((r) => r.profile === lock.profile && r.version === lock.version);
    if (state?.revisions.some(known) || planned.some(known)) return;
    this.#add(state, lock.profile, lock.version, lock, "lock", undefined);
  }

  #mainHeld(profile: string, content: string): boolean {
    return this.#input.mainHistory.get(profile)?.has(content) ?? false;
  }

  /** The current revision, with what this pass already adds. */
  #current(state: VersionState | undefined): (ProfileContent & { source: string }) | undefined {
    if (state === undefined) return undefined;
    const planned = this.revisions.findLast(
      (r) => r.profile === state.profile && r.version === state.version && r.source !== "lock",
    );
    return planned ?? currentRevision(state) ?? (isDeleted(state) ? undefined : lastMoving(state));
  }

  #addMoving(state: VersionState | undefined, declared: DeclaredProfile, source: string): void {
    const ref = versionTagRef(declared.name, declared.version);
    const tag = { ref, from: state?.tag?.oid ?? null, moves: true };
    this.#add(state, declared.name, declared.version, declared, source, tag);
  }

  #add(
    state: VersionState | undefined,
    profile: string,
    version: string,
    content: ProfileContent,
    source: string,
    tag: NewRevision["tag"],
  ): void {
    const planned = this.revisions.filter((r) => r.profile === profile && r.version === version);
    const number = (planned.at(-1)?.number ?? state?.revisions.at(-1)?.number ?? 0) + 1;
    this.revisions.push({
      profile,
      version,
      number,
      ref: revisionTagRef(profile, version, number),
      source,
      event: "released",
      commit: content.commit,
      tree: content.tree,
      content: content.content,
      ...(tag === undefined ? {} : { tag }),
    });
  }

  #condition(code: string, object: string, message: string, options: { hint: string }): void {
    this.conditions.push({ code, object, message, hint: options.hint, severity: "warning" });
  }
}
