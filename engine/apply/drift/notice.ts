import { describeId } from "../../model/kube-object.ts";
import type { Item } from "../plan-apply.ts";
import type { Drifted } from "./contests.ts";

/** What was done about an object that others made or changed in the cluster. Holds no value of it. */
export interface DriftNotice {
  /**
   * - `put-back`: the object is as it was applied again.
   * - `left`: its replicas are left to what scales it.
   * - `contested`: from now on it is put back at most once in 5 minutes.
   * - `adopted`: it was there before Strata, and is taken over.
   */
  readonly state: "put-back" | "left" | "contested" | "adopted";
  /** `profile/layer`. */
  readonly layer: string;
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  /** As the API server prints them; none where the object as a whole was deleted or replaced. */
  readonly fields: readonly string[];
  /** The field managers that changed them, as far as the server names them. */
  readonly managers: readonly string[];
  /** One sentence for people. */
  readonly message: string;
}

/** How an object as a whole stands for what drifted: it was deleted, or is another one now. */
export const WHOLE_OBJECT = "";

const MOST_NAMED = 3;

export function putBackNotice(item: Item, drifted: Drifted): DriftNotice {
  const message = isWhole(drifted)
    ? "was deleted, and is made again"
    : `${listed(drifted.fields)} ${by(drifted, "changed")}, and is put back`;
  return notice("put-back", item, drifted, message);
}

export function leftNotice(item: Item, drifted: Drifted): DriftNotice {
  const message = `${listed(drifted.fields)} is left to ${listed(drifted.managers)} until the profile names another value`;
  return notice("left", item, drifted, message);
}

/** @param managers what applied it before, as far as that is known */
export function adoptedNotice(item: Item, managers: readonly string[]): DriftNotice {
  const from = managers.length === 0 ? "" : ` from ${listed(managers)}`;
  const message = `was in the cluster already, and is taken over${from}; when it leaves the profile it stays there`;
  return notice("adopted", item, { fields: [], managers }, message);
}

export function contestedNotice(item: Item, drifted: Drifted): DriftNotice {
  return notice("contested", item, drifted, contestText(drifted));
}

/** What a contest is, in words that follow the object's name. */
export function contestText(drifted: Drifted): string {
  const what = isWhole(drifted)
    ? by(drifted, "taken away")
    : `${listed(drifted.fields)} ${by(drifted, "changed")}`;
  return `${what} as often as it is put back, which is done at most once in 5 minutes from now on`;
}

function notice(
  state: DriftNotice["state"],
  item: Item,
  { fields, managers }: Drifted,
  message: string,
): DriftNotice {
  const object = describeId(item.id);
  const named = fields.filter((field) => field !== WHOLE_OBJECT);
  return { state, layer: item.layer, object, fields: named, managers, message: `${object}: ${message}` };
}

function isWhole({ fields }: Drifted): boolean {
  return fields.includes(WHOLE_OBJECT);
}

/** `was changed by kubectl-edit`; managedFields name nobody for what was removed. */
function by({ managers }: Drifted, verb: string): string {
  return managers.length === 0 ? `was ${verb}` : `was ${verb} by ${listed(managers)}`;
}

function listed(texts: readonly string[]): string {
  const more = texts.length > MOST_NAMED ? ` and ${texts.length - MOST_NAMED} more` : "";
  return `${texts.slice(0, MOST_NAMED).join(", ")}${more}`;
}
