import { EngineError } from "../model/errors.ts";
import type { Change } from "./change.ts";

/** The message of a change's commit: the user's own words or Strata's subject, then trailers. */
export function commitMessage(change: Change, message: string | undefined): string {
  const text = (message ?? change.subject).trim();
  if (text === "") {
    throw new EngineError("message-empty", "the commit message is empty", {
      hint: "write something after --message",
    });
  }
  const trailers = change.trailers.map(([key, value]) => `${key}: ${value}`);
  const parts = [text, change.body ?? "", trailers.join("\n")].filter((part) => part !== "");
  return `${parts.join("\n\n")}\n`;
}
