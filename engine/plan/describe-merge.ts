import type { MergedPath } from "../merge/index.ts";
import type { Json } from "../model/kube-object.ts";
import { fullPath } from "./choose-path.ts";
import type { OverrideState } from "../model/view.ts";
import { hideSecrets } from "../model/hide-secrets.ts";
import { showValue } from "../model/show-value.ts";

/**
 * What becomes of one overridden path in a merge, or in a rollback (`gone`, `changed`, `returned`); `unread` is a file
 * of overrides that cannot be read.
 */
export interface OverrideFate {
  readonly state: OverrideState | "dropped" | "gone" | "changed" | "returned" | "unread";
  /** One line for people. */
  readonly text: string;
  /** What someone must do about it, where anything. */
  readonly hint?: string;
}

/** What becomes of an overridden path in an update, as one line for people. */
export function describeMerge(merged: MergedPath): string {
  const show = (value: Json | undefined) => showValue(hideSecrets(merged.object, merged.path, value));
  const name = fullPath(merged);
  const mine = show(merged.value);
  switch (merged.state) {
    case "kept":
      return `override kept: ${name} = ${mine}`;
    case "conflict":
      return `override kept over the profile's change: ${name} = ${mine} (profile: ${show(merged.before)} → ${show(merged.theirs)})`;
    case "redundant":
      return `override no longer needed: ${name} = ${mine} is what the profile has`;
    case "orphaned":
      return `override without its place: ${name} = ${mine}`;
  }
}
