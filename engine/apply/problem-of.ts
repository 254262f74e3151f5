import { EngineError, type Place, type Problem } from "../model/errors.ts";
import { describeId, type ObjectId } from "../model/kube-object.ts";

/** What went wrong with one object, with the object and the place where it is written. */
export function problemOf(error: unknown, id: ObjectId, place: Place): Problem {
  const problem =
    error instanceof EngineError
      ? error.toProblem()
      : { code: "internal", message: error instanceof Error ? error.message : String(error) };
  return { severity: "error", ...problem, ...place, object: describeId(id) };
}
