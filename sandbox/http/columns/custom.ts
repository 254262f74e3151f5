import type { Json, JsonObject } from "../../../engine/model/kube-object.ts";
import { numberAt, textAt } from "../../store/parts.ts";
import { AGE, age, type Column, NAME } from "./cells.ts";
import { parseJsonPath } from "./json-path.ts";

/** The columns of a custom resource: the `additionalPrinterColumns` of its CRD, or its age where there are none. */
export function customColumns(printed: readonly JsonObject[]): readonly Column[] {
  return printed.length === 0 ? [NAME, AGE] : [NAME, ...printed.map(customColumn)];
}

function customColumn(printed: JsonObject): Column {
  const find = parseJsonPath(textAt(printed, "jsonPath"));
  const isDate = textAt(printed, "type") === "date";
  return {
    name: textAt(printed, "name"),
    value: (object, now) => {
      const [found] = find(object);
      if (found === undefined || found === null) return isDate ? "<unknown>" : "";
      return isDate && typeof found === "string" ? age(found, now) : shown(found);
    },
    ...(numberAt(printed, ["priority"], 0) > 0 ? { wide: true } : {}),
  };
}

function shown(value: Json): Json {
  return typeof value === "object" ? JSON.stringify(value) : value;
}
