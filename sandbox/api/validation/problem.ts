import { isDeepStrictEqual } from "node:util";
import type { Json, KubeObject } from "../../../engine/model/kube-object.ts";
import { mapAt } from "../../store/parts.ts";
import type { FieldProblem } from "../status-error.ts";

export function required(field: string, why = ""): FieldProblem {
  const message = why === "" ? "Required value" : `Required value: ${why}`;
  return { field, message, reason: "FieldValueRequired" };
}

export function wrong(field: string, value: Json | undefined, why: string): FieldProblem {
  return { field, message: `Invalid value: ${JSON.stringify(value ?? null)}: ${why}` };
}

export function unsupported(field: string, value: string, supported: readonly string[]): FieldProblem {
  const list = supported.map((one) => JSON.stringify(one)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { field, message, reason: "FieldValueNotSupported" };
}

export function tooLong(field: string, bytes: number): FieldProblem {
  return { field, message: `Too long: may not be more than ${bytes} bytes`, reason: "FieldValueTooLong" };
}

/** Every value of a list that was there before. */
export function duplicates(values: readonly string[], fieldOf: (index: number) => string): FieldProblem[] {
  return values.flatMap((value, index) =>
    value === "" || values.indexOf(value) === index
      ? []
      : [
          {
            field: fieldOf(index),
            message: `Duplicate value: ${JSON.stringify(value)}`,
            reason: "FieldValueDuplicate",
          },
        ],
  );
}

/** A field that may not change once the object is there. */
export function immutable(
  object: KubeObject,
  before: KubeObject | undefined,
  path: readonly string[],
): FieldProblem[] {
  if (before === undefined) return [];
  const last = path.at(-1) ?? "";
  const [old, now] = [before, object].map((one) => mapAt(one, ...path.slice(0, -1))[last]);
  return isDeepStrictEqual(old, now)
    ? []
    : [{ field: path.join("."), message: "Invalid value: field is immutable" }];
}

/** Whether it is a whole number from 1 to 65535; the problem where it is none. */
export function portProblems(field: string, port: Json | undefined): FieldProblem[] {
  if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535) return [];
  return [wrong(field, port, "must be between 1 and 65535, inclusive")];
}
