import type { Json, JsonObject } from "../../model/kube-object.ts";
import { typeOfField } from "../fields/field-set.ts";
import type { MapSchema, TypeSchema } from "../schema/type-schema.ts";
import { mergeLists } from "./merge-lists.ts";
import { asList, asMap, shapeOf } from "./shape.ts";

/**
 * The live value with the config laid over it: nothing is removed, leaves of the config win, keyed lists and sets
 * merge item by item. Undefined stands for absent; one of the two must be there. Both must fit the schema.
 */
export function mergeValues(
  live: Json | undefined,
  config: Json | undefined,
  schema: TypeSchema,
): Json | undefined {
  const shape = shapeOf(schema, config === undefined ? live : config);
  const over = config === undefined ? live : config;
  if (shape.kind === "scalar") return over;
  if (shape.kind === "map") {
    const [left, right] = [asMap(live) ?? {}, asMap(config) ?? {}];
    const empty = Object.keys(left).length === 0 && Object.keys(right).length === 0;
    return shape.map.kind === "atomic" || empty ? over : mergeMaps(left, right, shape.map);
  }
  const [left, right] = [asList(live) ?? [], asList(config) ?? []];
  const empty = left.length === 0 && right.length === 0;
  if (shape.list.kind === "atomic" || empty) return over;
  const item = shape.list.item();
  return mergeLists(left, right, shape.list, (mine, theirs) => mergeValues(mine, theirs, item));
}

function mergeMaps(live: JsonObject, config: JsonObject, schema: MapSchema): Json {
  const merged: [string, Json][] = [];
  for (const name of new Set([...Object.keys(live), ...Object.keys(config)])) {
    const left = Object.hasOwn(live, name) ? live[name] : undefined;
    const right = Object.hasOwn(config, name) ? config[name] : undefined;
    const type = typeOfField(schema, name);
    const value = type === undefined ? (right ?? left) : mergeValues(left, right, type);
    if (value !== undefined) merged.push([name, value]);
  }
  return Object.fromEntries(merged);
}
