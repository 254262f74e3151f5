/**
 * Writes engine/merge/schema/builtin.generated.ts: what merging needs to know of the built-in kinds, from the
 * OpenAPI v3 documents that a Kubernetes release carries. The rules that turn OpenAPI into list and map kinds
 * are those of k8s.io/kube-openapi/pkg/schemaconv, which the API server uses.
 *
 * Usage: node scripts/generate-list-keys.ts <directory of the k8s.io/kubernetes module>
 * The directory is what `go mod download -json k8s.io/kubernetes@v1.36.3` prints as `Dir`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

type OpenApi = z.infer<typeof baseSchema> & {
  properties?: Record<string, OpenApi> | undefined;
  items?: OpenApi | undefined;
  additionalProperties?: OpenApi | undefined;
  allOf?: OpenApi[] | undefined;
};

const baseSchema = z.object({
  $ref: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  default: z.json().optional(),
  required: z.array(z.string()).optional(),
  "x-kubernetes-list-type": z.enum(["atomic", "set", "map"]).optional(),
  "x-kubernetes-list-map-keys": z.array(z.string()).optional(),
  "x-kubernetes-map-type": z.enum(["atomic", "granular"]).optional(),
  "x-kubernetes-patch-strategy": z.string().optional(),
  "x-kubernetes-patch-merge-key": z.string().optional(),
  "x-kubernetes-group-version-kind": z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .optional(),
});
const openApi: z.ZodType<OpenApi> = baseSchema.extend({
  get properties() {
    return z.record(z.string(), openApi).optional();
  },
  get items() {
    return openApi.optional();
  },
  get additionalProperties() {
    return openApi.optional();
  },
  get allOf() {
    return z.array(openApi).optional();
  },
});
const document = z.object({
  components: z.object({ schemas: z.record(z.string(), openApi).optional() }).optional(),
});

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const OUTPUT = new URL("../engine/merge/schema/builtin.generated.ts", import.meta.url);

/** Types that the API server reads by hand-written rules, whatever their OpenAPI says. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ["io.k8s.apimachinery.pkg.api.resource.Quantity", "u"],
  ["io.k8s.apimachinery.pkg.runtime.RawExtension", "*"],
]);

function main(directory: string): void {
  const models = readModels(join(directory, "api/openapi-spec/v3"));
  const kinds = kindsOf(models);
  const types = new Map<string, string>();
  const pending = [...new Set(kinds.values())];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (types.has(name)) continue;
    const writer = new TypeWriter(models);
    types.set(name, writer.definition(name));
    pending.push(...writer.used);
  }
  writeFileSync(OUTPUT, render(kinds, types));
}

function readModels(directory: string): Map<string, OpenApi> {
  const models = new Map<string, OpenApi>();
  for (const file of readdirSync(directory).toSorted()) {
    const { components } = document.parse(JSON.parse(readFileSync(join(directory, file), "utf8")));
    for (const [name, model] of Object.entries(components?.schemas ?? {})) models.set(name, model);
  }
  return models;
}

/** `group/version/kind` → model, for kinds with object metadata. */
function kindsOf(models: ReadonlyMap<string, OpenApi>): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const [name, model] of models) {
    const metadata = model.properties?.["metadata"];
    if (metadata === undefined || refOf(metadata) !== OBJECT_META) continue;
    for (const { group, version, kind } of model["x-kubernetes-group-version-kind"] ?? []) {
      kinds.set(`${group}/${version}/${kind}`, name);
    }
  }
  return kinds;
}

class TypeWriter {
  readonly used: string[] = [];
  readonly #models: ReadonlyMap<string, OpenApi>;

  constructor(models: ReadonlyMap<string, OpenApi>) {
    this.#models = models;
  }

  /** The fields of a model with properties, in the notation of the generated file. */
  definition(name: string): string {
    const model = this.#model(name);
    const keys = keysOfItems(this.#models, name);
    const fields = Object.entries(model.properties ?? {}).map(([field, schema]) => {
      const fallback =
        keys.has(field) && schema.default !== undefined ? `=${JSON.stringify(schema.default)}` : "";
      const written = isWritten(model, field, schema) ? "!" : "";
      return `${field}${written}:${this.#expression(schema)}${patchOf(schema)}${fallback}`;
    });
    return [...(model["x-kubernetes-map-type"] === "atomic" ? ["!"] : []), ...fields].join(" ");
  }

  #model(name: string): OpenApi {
    const model = this.#models.get(name);
    if (model === undefined) throw new Error(`no model ${name} in the OpenAPI documents`);
    return model;
  }

  #expression(schema: OpenApi): string {
    const ref = refOf(schema);
    const atomic = schema["x-kubernetes-map-type"] === "atomic" ? "!" : "";
    if (ref !== undefined) {
      const fixed = FIXED.get(ref);
      if (fixed !== undefined) return fixed;
      const model = this.#model(ref);
      if (model.properties === undefined) return this.#expression(model);
      this.used.push(ref);
      return `${atomic}@${shortName(ref)}`;
    }
    switch (schema.type) {
      case undefined:
        return "?";
      case "object":
        return `${atomic}{${schema.additionalProperties === undefined ? "?" : this.#expression(schema.additionalProperties)}`;
      case "array":
        return `${listKind(schema)}${schema.items === undefined ? "*" : this.#expression(schema.items)}`;
      default:
        return scalarOf(schema.type, schema.format);
    }
  }
}

/** Whether the API server writes the field where it is empty: a struct (not a pointer), or a list or map without `omitempty`. */
function isWritten(model: OpenApi, field: string, schema: OpenApi): boolean {
  if (refOf(schema) !== undefined) return isDeepStrictEqual(schema.default, {});
  return (schema.type === "array" || schema.type === "object") && (model.required ?? []).includes(field);
}

function scalarOf(type: string, format: string | undefined): string {
  if (type === "string") return format === undefined || format === "byte" ? "s" : "u";
  if (type === "boolean") return "b";
  if (type === "integer" || type === "number") return "n";
  throw new Error(`unknown OpenAPI type ${type}`);
}

function listKind(schema: OpenApi): string {
  const strategy = schema["x-kubernetes-patch-strategy"];
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  switch (schema["x-kubernetes-list-type"]) {
    case "atomic":
      return "[";
    case "set":
      return "#";
    case "map":
      return `(${(schema["x-kubernetes-list-map-keys"] ?? []).join(",")})`;
    default:
      if (strategy === undefined || !strategy.split(",").includes("merge")) return "[";
      return mergeKey === undefined ? "#" : `(${mergeKey})`;
  }
}

const STRATEGIES: ReadonlyMap<string, string> = new Map([
  ["merge", "m"],
  ["replace", "x"],
  ["retainKeys", "r"],
]);

function patchOf(schema: OpenApi): string {
  const strategies = schema["x-kubernetes-patch-strategy"]?.split(",") ?? [];
  if (strategies.length === 0) return "";
  const letters = strategies.map((strategy) => {
    const letter = STRATEGIES.get(strategy);
    if (letter === undefined) throw new Error(`unknown patch strategy ${strategy}`);
    return letter;
  });
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  return `~${letters.join("")}${mergeKey === undefined ? "" : `(${mergeKey})`}`;
}

/** The key fields of all lists whose items are of the model. */
function keysOfItems(models: ReadonlyMap<string, OpenApi>, name: string): Set<string> {
  const keys = new Set<string>();
  for (const model of models.values()) {
    for (const schema of Object.values(model.properties ?? {})) {
      if (schema.items === undefined || refOf(schema.items) !== name) continue;
      const kind = listKind(schema);
      if (kind.startsWith("(")) for (const key of kind.slice(1, -1).split(",")) keys.add(key);
    }
  }
  return keys;
}

function refOf(schema: OpenApi): string | undefined {
  const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  return ref?.slice(ref.lastIndexOf("/") + 1);
}

/** `io.k8s.api.apps.v1.Deployment` → `apps.v1.Deployment`. */
function shortName(model: string): string {
  return model.split(".").slice(-3).join(".");
}

function render(kinds: ReadonlyMap<string, string>, types: ReadonlyMap<string, string>): string {
  const names = new Set([...types.keys()].map(shortName));
  if (names.size !== types.size) throw new Error("two models have the same short name");
  const sorted = (entries: (readonly [string, string])[]) => entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = (entries: (readonly [string, string])[]) =>
    sorted(entries).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return [
    "// Written by scripts/generate-list-keys.ts from the OpenAPI documents of Kubernetes 1.36.3. Do not edit.",
    "// schema/parse-builtin.ts describes the notation.",
    "",
    "export const KINDS: Readonly<Record<string, string>> = {",
    ...lines([...kinds].map(([gvk, model]) => [gvk, shortName(model)])),
    "};",
    "",
    "export const TYPES: Readonly<Record<string, string>> = {",
    ...lines([...types].map(([model, text]) => [shortName(model), text])),
    "};",
    "",
  ].join("\n");
}

const directory = process.argv[2];
if (directory === undefined) {
  throw new Error("usage: node scripts/generate-list-keys.ts <directory of the k8s.io/kubernetes module>");
}
main(directory);
