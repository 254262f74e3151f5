import { isDeepStrictEqual } from "node:util";
import type { OverriddenPath } from "../merge/index.ts";
import type { Json } from "../model/kube-object.ts";
import { fullPath } from "./choose-path.ts";
import { showValue } from "../model/show-value.ts";
import type { OverrideFate } from "./describe-merge.ts";
import { hideSecrets } from "../model/hide-secrets.ts";

/** What becomes of overridden paths where a state of before is put in place of the one of now, without a merge. */
export function describeRestored(
  now: readonly OverriddenPath[],
  then: readonly OverriddenPath[],
): OverrideFate[] {
  const before = new Map(now.map((one) => [fullPath(one), one]));
  const after = new Map(then.map((one) => [fullPath(one), one]));
  return [
    ...[...before].flatMap(([name, one]): OverrideFate[] =>
      after.has(name) ? [] : [{ state: "gone", text: `override goes: ${name} = ${show(one)}` }],
    ),
    ...[...after].flatMap(([name, one]): OverrideFate[] => {
      const known = before.get(name);
      if (known === undefined)
        return [{ state: "returned", text: `override comes back: ${name} = ${show(one)}` }];
      if (isDeepStrictEqual(contentOf(known), contentOf(one))) return [];
      return [{ state: "changed", text: `override changes: ${name} = ${show(known)} → ${show(one)}` }];
    }),
  ];
}

function contentOf({ value, directive }: OverriddenPath): readonly (Json | undefined)[] {
  return [value, directive];
}

function show({ object, path, value }: OverriddenPath): string {
  return showValue(hideSecrets(object, path, value));
}
