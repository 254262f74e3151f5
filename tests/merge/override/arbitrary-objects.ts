import fc from "fast-check";
import type { KubeObject } from "../../../engine/model/kube-object.ts";
import { type ArbitraryKind, KINDS, labels, some, word } from "./arbitrary-kinds.ts";
import { blend } from "./blend.ts";

const NAMESPACE = "shop";

function objectOf({ apiVersion, kind, fields }: ArbitraryKind, name: string): fc.Arbitrary<KubeObject> {
  const metadata = some({ labels, annotations: labels, finalizers: fc.uniqueArray(word) });
  return fc.tuple(metadata, fields).map(([meta, body]) => ({
    apiVersion,
    kind,
    metadata: { ...meta, name, namespace: NAMESPACE },
    ...body,
  }));
}

/** A state of the first object on its way to the second; the second where `seed` is 0. */
function between(a: KubeObject, b: KubeObject, seed: number): KubeObject {
  if (seed === 0) return b;
  const { apiVersion, kind, metadata } = a;
  const head = { ...blend(metadata, b.metadata, seed), name: metadata.name, namespace: NAMESPACE };
  return { ...blend(a, b, seed), apiVersion, kind, metadata: head };
}

const kindOf = fc.oneof(...KINDS.map((kind) => ({ weight: kind.weight, arbitrary: fc.constant(kind) })));

/** Three states of one object of a kind that is drawn too: most differ from the first in little. */
function states(name: string): fc.Arbitrary<readonly [KubeObject, KubeObject, KubeObject]> {
  const seed = fc.oneof({ weight: 7, arbitrary: fc.nat() }, { weight: 1, arbitrary: fc.constant(0) });
  return kindOf.chain((kind) => {
    const object = objectOf(kind, name);
    return fc
      .tuple(object, object, object, seed, seed)
      .map(([a, b, c, one, other]) => [a, between(a, b, one), between(a, c, other)] as const);
  });
}

/** Two states of one object. */
export const pair: fc.Arbitrary<readonly [KubeObject, KubeObject]> = states("web").map(([a, b]) => [a, b]);

/** Three states of one object. */
export const triple: fc.Arbitrary<readonly [KubeObject, KubeObject, KubeObject]> = states("web");

/** A layer before and after an update of the profile, and as a cluster has it that overrides the first. */
export interface ArbitraryUpdate {
  readonly base: readonly KubeObject[];
  readonly theirs: readonly KubeObject[];
  readonly mine: readonly KubeObject[];
}

/** In which of the three an object is; `renamed`: the update gives it another name. */
const places: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 16, arbitrary: fc.constant(["base", "theirs", "mine"]) },
  { weight: 2, arbitrary: fc.constant(["base", "mine"]) },
  { weight: 1, arbitrary: fc.constant(["base", "mine", "renamed"]) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(["base", "theirs"], ["theirs", "mine"], ["mine"], ["theirs"], ["base"]),
  },
);

/** An update of one object or a few, which may come, go and get other names. */
export const update: fc.Arbitrary<ArbitraryUpdate> = fc
  .tuple(fc.tuple(states("web"), places), fc.option(fc.tuple(states("api"), places), { freq: 2 }))
  .map(([first, second]) => {
    const all = [first, ...(second === null ? [] : [second])];
    const having = (place: string) => all.filter(([, where]) => where.includes(place));
    const renamed = having("renamed").map(([[, theirs]]) => named(theirs, "site"));
    return {
      base: having("base").map(([[base]]) => base),
      theirs: [...having("theirs").map(([[, theirs]]) => theirs), ...renamed],
      mine: having("mine").map(([[, , mine]]) => mine),
    };
  });

function named(object: KubeObject, name: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-${name}` } };
}

/** The objects of a layer; two draws have many identities in common. */
export const layers: fc.Arbitrary<readonly KubeObject[]> = fc
  .shuffledSubarray(
    KINDS.flatMap((kind) => ["web", "api"].map((each) => objectOf(kind, each))),
    { maxLength: 8 },
  )
  .chain((objects) => fc.tuple(...objects));
