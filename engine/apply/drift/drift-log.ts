import type { Problem } from "../../model/errors.ts";
import { describeId } from "../../model/kube-object.ts";
import type { Item } from "../plan-apply.ts";
import { Contests, type Drifted } from "./contests.ts";
import {
  adoptedNotice,
  contestedNotice,
  contestText,
  type DriftNotice,
  leftNotice,
  putBackNotice,
} from "./notice.ts";

export interface DriftLogOptions {
  readonly onNotice: (notice: DriftNotice) => void;
  /** Milliseconds by a clock that never jumps. */
  readonly clock: () => number;
}

/** What a session did about drift: tells it, and remembers who fights whom over what. */
export class DriftLog {
  readonly #options: DriftLogOptions;
  readonly #contests = new Contests();

  constructor(options: DriftLogOptions) {
    this.#options = options;
  }

  /** @param counted under which names it counts for a contest: those that drift has when it is noticed */
  putBack(item: Item, drifted: Drifted, counted: readonly string[]): void {
    const { onNotice, clock } = this.#options;
    onNotice(putBackNotice(item, drifted));
    const contested = this.#contests.putBack(item.key, { ...drifted, fields: counted }, clock());
    if (contested.length > 0) onNotice(contestedNotice(item, { ...drifted, fields: contested }));
  }

  adopted(item: Item, managers: readonly string[]): void {
    this.#options.onNotice(adoptedNotice(item, managers));
  }

  left(item: Item, drifted: Drifted): void {
    this.#options.onNotice(leftNotice(item, drifted));
  }

  /** Whether an object that has drifted waits, as what drifted is contested. */
  isHeld(item: Item, drifted: Drifted): boolean {
    return this.#contests.heldUntil(item.key, drifted, this.#options.clock()) !== undefined;
  }

  /** The object is as it was applied. */
  calm(item: Item): void {
    this.#contests.calm(item.key);
  }

  /** What is contested of an object, for those who look at its layer. */
  contestOf(item: Item): Problem | undefined {
    const contested = this.#contests.of(item.key, this.#options.clock());
    if (contested === undefined) return undefined;
    return {
      ...item.place,
      code: "contested",
      message: contestText(contested),
      object: describeId(item.id),
      hint: "end what changes it, or take the field out of the profile",
      severity: "warning",
    };
  }

  /** When something that is contested may be put back, or is contested no more. */
  get nextDue(): number | undefined {
    return this.#contests.nextDue(this.#options.clock());
  }
}
