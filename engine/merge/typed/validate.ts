import type { Json } from "../../model/kube-object.ts";
import { typeOfField } from "../fields/field-set.ts";
import { fieldElement, formatElement, formatPath, type PathElement } from "../fields/path-element.ts";
import type { ListSchema, MapSchema, ScalarKind, TypeSchema } from "../schema/type-schema.ts";
import { identifyItem } from "./list-item.ts";
import { asList, asMap, shapeOf } from "./shape.ts";

/** One place where a value does not fit its schema. */
export interface Misfit {
  readonly code: "duplicate-list-key" | "missing-list-key" | "unknown-field" | "wrong-type";
  /** As the API server prints it, `.spec.ports[port=80,protocol="TCP"]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export interface ValidateOptions {
  /** Objects already stored may repeat a list key; what a client applies may not. */
  readonly allowDuplicates: boolean;
}

/** Every place where the value does not fit the schema. */
export function validate(value: Json, schema: TypeSchema, options: ValidateOptions): Misfit[] {
  const validator = new Validator(options);
  validator.visit(value, schema, []);
  return validator.misfits;
}

class Validator {
  readonly misfits: Misfit[] = [];
  readonly #options: ValidateOptions;

  constructor(options: ValidateOptions) {
    this.#options = options;
  }

  visit(value: Json, schema: TypeSchema, path: readonly PathElement[]): void {
    if (value === null) return;
    const shape = shapeOf(schema, value);
    if (shape.kind === "map") this.#map(value, shape.map, path);
    else if (shape.kind === "list") this.#list(value, shape.list, path);
    else if (!fitsScalar(value, shape.scalar)) this.#wrongType(shape.scalar, value, path);
  }

  #map(value: Json, schema: MapSchema, path: readonly PathElement[]): void {
    const map = asMap(value);
    if (map === undefined) return this.#wrongType("map", value, path);
    for (const [name, child] of Object.entries(map)) {
      const below = [...path, fieldElement(name)];
      const type = typeOfField(schema, name);
      if (type === undefined) this.#misfit("unknown-field", below, "field not declared in schema");
      else this.visit(child, type, below);
    }
  }

  #list(value: Json, schema: ListSchema, path: readonly PathElement[]): void {
    const list = asList(value);
    if (list === undefined) return this.#wrongType("list", value, path);
    const seen = new Set<PathElement>();
    for (const [index, item] of list.entries()) {
      const element = schema.kind === "atomic" ? `i:${index}` : this.#element(schema, item, index, path);
      if (element === undefined) continue;
      if (seen.has(element) && !this.#options.allowDuplicates) {
        this.#misfit("duplicate-list-key", path, `duplicate entries for key ${formatElement(element)}`);
      }
      seen.add(element);
      this.visit(item, schema.item(), [...path, element]);
    }
  }

  #element(
    schema: ListSchema,
    item: Json,
    index: number,
    path: readonly PathElement[],
  ): PathElement | undefined {
    const identity = identifyItem(schema, item);
    if ("element" in identity) return identity.element;
    this.#misfit("missing-list-key", path, `element ${index}: ${identity.problem}`);
    return undefined;
  }

  /** The value itself is not shown: it may be a secret. */
  #wrongType(expected: string, value: Json, path: readonly PathElement[]): void {
    const got = Array.isArray(value) ? "list" : typeof value === "object" ? "map" : typeof value;
    this.#misfit("wrong-type", path, `expected ${expected}, got ${got}`);
  }

  #misfit(code: Misfit["code"], path: readonly PathElement[], message: string): void {
    this.misfits.push({ code, path: formatPath(path), message });
  }
}

function fitsScalar(value: Json, kind: ScalarKind): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "numeric":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "untyped":
      return typeof value !== "object";
  }
}
