import fc from "fast-check";
import { confirm, override, remove, rollback, use } from "./cluster-actions.ts";
import { type Content, type Knob, KNOBS, type Overrides, type Value } from "./content.ts";
import { lockByHand, pushLock, pushOverrides, pushUse, revert, squash } from "./git-actions.ts";
import { aside, bump, edit as editProfile, pushProfile, type VERSIONS } from "./profile-actions.ts";
import { CLUSTERS, type ClusterName, type Walk } from "./walk.ts";

type Version = (typeof VERSIONS)[number];
interface OfCluster {
  readonly cluster: ClusterName;
}
interface OfVersion {
  readonly version: Version;
}
interface Changing {
  readonly change: Partial<Content>;
}
interface Setting {
  readonly knob: Knob;
  readonly value: Value;
}
interface Choosing {
  readonly drop: boolean;
  /** Which of the overridden knobs is given back to the profile. */
  readonly take: number | null;
}

/** One thing that somebody does to the repository. */
export type Action =
  | ({ readonly do: "edit" } & OfVersion & Changing)
  | ({ readonly do: "bump" } & OfVersion)
  | ({ readonly do: "push profile"; readonly version: Version | undefined } & Changing)
  | ({ readonly do: "push branch" } & OfVersion & Changing)
  | ({ readonly do: "move tag" } & OfVersion & Changing)
  | ({ readonly do: "override" } & OfCluster & Setting)
  | ({ readonly do: "remove"; readonly pick: number } & OfCluster)
  | ({ readonly do: "confirm"; readonly edit: Setting | null } & OfCluster & Choosing)
  | ({ readonly do: "use"; readonly latest: boolean } & OfCluster & OfVersion & Choosing)
  | ({ readonly do: "roll back" } & OfCluster)
  | ({ readonly do: "push use"; readonly dropLock: boolean } & OfCluster & OfVersion)
  | ({ readonly do: "push overrides"; readonly overrides: Overrides } & OfCluster)
  | ({ readonly do: "push lock"; readonly pick: number } & OfCluster)
  | ({ readonly do: "lock" } & OfCluster & OfVersion)
  | { readonly do: "revert"; readonly back: number }
  | { readonly do: "squash"; readonly count: number }
  | { readonly do: "pass" };

const small = fc.nat({ max: 3 });
const cluster = fc.constantFrom(...CLUSTERS);
const version = fc.constantFrom<Version>("1.0.0", "1.0.0", "1.1.0", "1.1.0", "1.2.0");
const name = fc.constantFrom("settings" as const, "settings" as const, "options" as const);
const content: fc.Arbitrary<Content> = fc.record({
  note: small,
  replicas: small,
  paused: fc.option(fc.boolean(), { freq: 3 }),
  proxy: fc.option(small, { freq: 3 }),
  extra: fc.option(fc.record({ name, mode: small }), { freq: 4 }),
});
/** One field of a content. */
const change: fc.Arbitrary<Partial<Content>> = fc
  .tuple(
    content,
    fc.constantFrom<keyof Content>(
      "note",
      "replicas",
      "replicas",
      "paused",
      "proxy",
      "proxy",
      "extra",
      "extra",
    ),
  )
  .map(([all, field]) => ({ [field]: all[field] }));
const knob = fc.constantFrom<Knob>("replicas", "paused", "proxy", "proxy", "mode", "mode");
const valueOf = (which: Knob): fc.Arbitrary<Value> => (which === "paused" ? fc.boolean() : small);
const setting: fc.Arbitrary<Setting> = knob.chain((which) =>
  fc.record({ knob: fc.constant(which), value: valueOf(which) }),
);
const overrides: fc.Arbitrary<Overrides> = fc
  .uniqueArray(setting, { maxLength: 3, selector: (one) => one.knob })
  .map((all) => new Map(all.map((one) => [one.knob, one.value])));
const edit: fc.Arbitrary<Setting | null> = fc.option(setting, { freq: 2 });
const choosing = { drop: fc.boolean(), take: fc.option(small, { freq: 2 }) };

const of = <T extends string>(what: T) => fc.constant(what);
const ACTIONS: readonly (readonly [weight: number, fc.Arbitrary<Action>])[] = [
  [5, fc.record({ do: of("edit"), version, change })],
  [2, fc.record({ do: of("bump"), version })],
  [
    3,
    fc.record({ do: of("push profile"), version: fc.option(version, { nil: undefined, freq: 3 }), change }),
  ],
  [2, fc.record({ do: of("push branch"), version, change })],
  [1, fc.record({ do: of("move tag"), version, change })],
  [
    6,
    setting.chain((one) =>
      fc.record({ do: of("override"), cluster, knob: of(one.knob), value: fc.constant(one.value) }),
    ),
  ],
  [2, fc.record({ do: of("remove"), cluster, pick: small })],
  [5, fc.record({ do: of("confirm"), cluster, ...choosing, edit })],
  [4, fc.record({ do: of("use"), cluster, version, latest: fc.boolean(), ...choosing })],
  [2, fc.record({ do: of("roll back"), cluster })],
  [4, fc.record({ do: of("push use"), cluster, version, dropLock: fc.boolean() })],
  [2, fc.record({ do: of("push overrides"), cluster, overrides })],
  [2, fc.record({ do: of("push lock"), cluster, pick: fc.nat({ max: 9 }) })],
  [2, fc.record({ do: of("lock"), cluster, version })],
  [3, fc.record({ do: of("revert"), back: small })],
  [1, fc.record({ do: of("squash"), count: fc.integer({ min: 2, max: 5 }) })],
  [4, fc.constant({ do: "pass" as const })],
];

/** Any action; those that make the walk interesting more often. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  ...ACTIONS.map(([weight, arbitrary]) => ({ weight, arbitrary })),
);

/** One of the knobs that a cluster overrides, or, now and then, any. */
function knobAt(walk: Walk, name: ClusterName, pick: number): Knob {
  const overridden = [...walk.cluster(name).overrides.keys()];
  return overridden[pick] ?? overridden[0] ?? KNOBS[pick] ?? "replicas";
}

function takenAt(walk: Walk, { cluster: name, take }: OfCluster & Choosing): Knob | null {
  return take === null ? null : knobAt(walk, name, take);
}

/** Does it. Commands find what was pushed before them as the engine left it. */
export async function act(walk: Walk, one: Action): Promise<void> {
  // a tag that is moved again before the engine looks loses what it was at
  const isPush = /^(push|revert|squash)/.test(one.do);
  if (!isPush && !walk.isSettled) await walk.pass();
  switch (one.do) {
    case "edit":
      return editProfile(walk, one.version, one.change);
    case "bump":
      return bump(walk, one.version);
    case "push profile":
      return pushProfile(walk, one.change, one.version);
    case "push branch":
      return aside(walk, one.version, one.change, "branch");
    case "move tag":
      return aside(walk, one.version, one.change, "tag");
    case "override":
      return override(walk, one.cluster, one.knob, one.value);
    case "remove":
      return remove(walk, one.cluster, knobAt(walk, one.cluster, one.pick));
    case "confirm":
      return confirm(walk, one.cluster, { ...one, take: takenAt(walk, one) });
    case "use":
      return use(walk, one.cluster, { ...one, take: takenAt(walk, one) });
    case "roll back":
      return rollback(walk, one.cluster);
    case "push use":
      return pushUse(walk, one.cluster, one.version, one.dropLock);
    case "push overrides":
      return pushOverrides(walk, one.cluster, one.overrides);
    case "push lock":
      return pushLock(walk, one.cluster, one.pick);
    case "lock":
      return lockByHand(walk, one.cluster, one.version);
    case "revert":
      return revert(walk, one.back);
    case "squash":
      return squash(walk, one.count);
    case "pass":
      return walk.pass();
  }
}
