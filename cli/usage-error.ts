import { EngineError } from "../engine/model/errors.ts";

/** An error in what the user typed. */
export function usageError(message: string, hint?: string): EngineError {
  return new EngineError("usage", message, hint === undefined ? {} : { hint });
}
