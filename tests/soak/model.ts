import { isDeepStrictEqual } from "node:util";
import { type Content, PARTS, type Override } from "./content.ts";

/** What a cluster is approved to run. */
export type Running =
  | { readonly version: string; readonly content: Content; readonly override: Override }
  | { readonly version: undefined };

interface ClusterModel {
  /** Every state that it had, the newest last. */
  readonly states: Running[];
  /** What was locked last, by version. */
  readonly locked: Map<string, Content>;
}

interface VersionModel {
  /** What its tag stands for. */
  current: Content;
  /** What stands where it is edited. */
  edited: Content;
}

const NOTHING: Running = { version: undefined };

/** What a fleet must come to, by the words of the design alone: nothing of the engine is asked. */
export class SoakModel {
  readonly versions = new Map<string, VersionModel>();
  readonly #clusters: ReadonlyMap<string, ClusterModel>;
  readonly #contents = new Map<number, Content>();
  /** The version that main declares. */
  main = "1.0.0";
  #value = 1;

  constructor(clusters: readonly string[]) {
    const first = this.#know({ value: 1, web: 1, parts: PARTS.slice(0, 6) });
    this.versions.set(this.main, { current: first, edited: first });
    const state: Running = { version: this.main, content: first, override: {} };
    this.#clusters = new Map(
      clusters.map((name) => [name, { states: [state], locked: new Map([[this.main, first]]) }]),
    );
  }

  get names(): readonly string[] {
    return [...this.#clusters.keys()];
  }

  running(cluster: string): Running {
    return this.states(cluster).at(-1) ?? NOTHING;
  }

  /** All that it had, the newest last. */
  states(cluster: string): readonly Running[] {
    return this.#cluster(cluster).states;
  }

  version(version: string): VersionModel {
    const known = this.versions.get(version);
    if (known === undefined) throw new Error(`there is no version ${version}`);
    return known;
  }

  /** A value that no content has. */
  nextValue(): number {
    this.#value += 1;
    return this.#value;
  }

  nextVersion(): string {
    return `1.${this.versions.size}.0`;
  }

  contentOf(value: number): Content {
    const content = this.#contents.get(value);
    if (content === undefined) throw new Error(`no content has the value ${value}`);
    return content;
  }

  isPending(cluster: string): boolean {
    const running = this.running(cluster);
    if (running.version === undefined) return false;
    return running.content.value !== this.version(running.version).current.value;
  }

  /** The version is edited in place. */
  edit(version: string, content: Content): void {
    this.versions.set(version, { current: this.#know(content), edited: content });
  }

  /** Main declares a new version. */
  declare(version: string, content: Content): void {
    // The one before is edited on a branch from now on, which begins at its tag
    const before = this.version(this.main);
    before.edited = before.current;
    this.main = version;
    this.edit(version, content);
  }

  moveTag(version: string, value: number): void {
    const known = this.version(version);
    known.current = this.contentOf(value);
    // It has no branch yet: what comes next begins here
    if (version !== this.main && !this.#branches.has(version)) known.edited = known.current;
  }

  readonly #branches = new Set<string>();
  /** The version has a branch from now on. */
  branch(version: string): void {
    if (version !== this.main) this.#branches.add(version);
  }

  /** The cluster goes to a version: to what it ran of it last, or to the newest. */
  choose(cluster: string, version: string, latest: boolean): void {
    const { locked } = this.#cluster(cluster);
    const { current } = this.version(version);
    const now = this.running(cluster);
    const override = now.version === undefined ? {} : now.override;
    const content = latest ? current : (locked.get(version) ?? current);
    this.#become(cluster, { version, content, override });
  }

  confirm(cluster: string): void {
    const now = this.running(cluster);
    if (now.version === undefined) return;
    this.#become(cluster, { ...now, content: this.version(now.version).current });
  }

  override(cluster: string, override: Override): void {
    const now = this.running(cluster);
    if (now.version !== undefined) this.#become(cluster, { ...now, override });
  }

  detach(cluster: string): void {
    this.#become(cluster, NOTHING);
  }

  /** Where a roll back goes: the newest earlier state that differs. */
  earlier(cluster: string): Running | undefined {
    const now = this.running(cluster);
    return this.#cluster(cluster).states.findLast((state) => !isDeepStrictEqual(state, now));
  }

  rollback(cluster: string): void {
    const state = this.earlier(cluster);
    if (state !== undefined) this.#become(cluster, state);
  }

  #become(cluster: string, state: Running): void {
    const { states, locked } = this.#cluster(cluster);
    states.push(state);
    if (state.version !== undefined) locked.set(state.version, state.content);
  }

  #cluster(name: string): ClusterModel {
    const known = this.#clusters.get(name);
    if (known === undefined) throw new Error(`there is no cluster ${name}`);
    return known;
  }

  #know(content: Content): Content {
    this.#contents.set(content.value, content);
    return content;
  }
}
