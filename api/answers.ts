import type { z } from "zod";
import { EngineError } from "../engine/model/errors.ts";
import { ErrorSchema } from "./schemas.ts";

/** An answer's data. Throws `engine-answer-invalid` where it is not what the route promises. */
export function parseAnswer<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EngineError("engine-answer-invalid", "the engine's answer is not what this Strata expects", {
    object: issue?.path.join(".") ?? "",
    hint: "run the same version of Strata on both sides",
  });
}

/** The error that an engine answered with. */
export function readRefusal(status: number, text: string): EngineError {
  const parsed = ErrorSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    return new EngineError(
      "engine-answer-invalid",
      `something that is no engine answered with status ${status}`,
    );
  }
  const { code, message, ...rest } = parsed.data.error;
  return new EngineError(code, message, rest);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
