import { expect } from "vitest";
import { EngineError, type Problem } from "../../engine/model/errors.ts";
import { errorCodes, isKnownCode } from "../support/error-codes.ts";

/** Milliseconds after which one input counts as a hang: far more than any takes, so that load does not matter. */
const DEADLINE = 30_000;
/** Characters of a message; what it quotes of an input is bounded. */
const MAX_MESSAGE = 5_000;

const codes = errorCodes();
const own = Reflect.ownKeys(Object.prototype).length;

/** Reads something hostile: the result, or nothing where it was refused by an error that says what and has a known code. */
export function survives<T>(read: () => T): T | undefined {
  const start = performance.now();
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expectKnown(error.toProblem());
    error.problems.forEach(expectKnown);
    return undefined;
  } finally {
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(own);
    expect(performance.now() - start).toBeLessThan(DEADLINE);
  }
}

/** Expects that a problem has a known code, and words that are neither missing nor endless. */
export function expectKnown({ code, message }: Problem): void {
  if (!isKnownCode(code, codes)) throw new Error(`no code of ours: ${code} (${message.slice(0, 200)})`);
  expect(message.length).toBeGreaterThan(0);
  expect(message.length).toBeLessThan(MAX_MESSAGE);
}
