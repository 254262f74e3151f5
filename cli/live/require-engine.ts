import { EngineError } from "../../engine/model/errors.ts";
import type { CommandContext } from "../context.ts";
import type { Live } from "./types.ts";

/** The running engine. Throws `engine-not-running`. */
export async function requireEngine(context: CommandContext, purpose: string): Promise<Live> {
  const live = await context.live();
  if (live !== undefined) return live;
  throw new EngineError("engine-not-running", `no engine serves this repository, and ${purpose}`, {
    hint: "start `strata serve` in another terminal",
  });
}

export const NO_LIVE_STATE = "hint: nothing is known of what runs in the clusters; start `strata serve`";
