import { z } from "zod";
import { EngineError } from "../../model/errors.ts";
import type { Json, JsonObject } from "../../model/kube-object.ts";
import { jsonEqual } from "../typed/json-equal.ts";
import { asList, asMap } from "../typed/shape.ts";

const pointer = z.string().regex(/^(\/([^~]|~0|~1)*)?$/, "must be a JSON pointer");
const operations = z.array(
  z.discriminatedUnion("op", [
    z.object({ op: z.literal("add"), path: pointer, value: z.json() }),
    z.object({ op: z.literal("replace"), path: pointer, value: z.json() }),
    z.object({ op: z.literal("test"), path: pointer, value: z.json() }),
    z.object({ op: z.literal("remove"), path: pointer }),
    z.object({ op: z.literal("move"), path: pointer, from: pointer }),
    z.object({ op: z.literal("copy"), path: pointer, from: pointer }),
  ]),
);
type Operation = z.infer<typeof operations>[number];
type Pointer = readonly string[];

/**
 * JSON patch (RFC 6902), all operations or none. As in the API server, removing what is not there fails.
 * Throws `invalid-patch` where the operations are malformed, `patch-failed` where one does not fit the object or a
 * test fails.
 */
export function jsonPatch(object: JsonObject, patch: Json): JsonObject {
  const parsed = operations.safeParse(patch);
  if (!parsed.success) {
    throw new EngineError("invalid-patch", `JSON patch: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  const patched = parsed.data.reduce<Json>(applyOperation, object);
  const result = asMap(patched);
  if (result === undefined) throw new EngineError("patch-failed", "JSON patch: the result is no object");
  return result;
}

function applyOperation(document: Json, operation: Operation): Json {
  const path = tokensOf(operation.path);
  switch (operation.op) {
    case "add":
      return add(document, path, operation.value);
    case "replace":
      valueAt(document, path);
      return add(path.length === 0 ? null : remove(document, path), path, operation.value);
    case "remove":
      return remove(document, path);
    case "move": {
      const from = tokensOf(operation.from);
      return add(remove(document, from), path, valueAt(document, from));
    }
    case "copy":
      return add(document, path, valueAt(document, tokensOf(operation.from)));
    case "test":
      if (jsonEqual(valueAt(document, path), operation.value)) return document;
      throw failed(path, "the value is another than the test expects");
  }
}

function tokensOf(text: string): Pointer {
  return text
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(document: Json, path: Pointer): Json {
  let value: Json = document;
  for (const token of path) {
    const list = asList(value);
    const map = asMap(value);
    const next = list === undefined ? ownValue(map, token) : list[indexOf(list.length - 1, token, path)];
    if (next === undefined) throw failed(path, "there is no such value");
    value = next;
  }
  return value;
}

function ownValue(map: JsonObject | undefined, name: string): Json | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

function add(document: Json, path: Pointer, value: Json): Json {
  return changeParent(document, path, value, {
    list: (list, token) =>
      list.toSpliced(token === "-" ? list.length : indexOf(list.length, token, path), 0, value),
    map: (map, token) =>
      Object.fromEntries([...Object.entries(map).filter(([name]) => name !== token), [token, value]]),
  });
}

function remove(document: Json, path: Pointer): Json {
  valueAt(document, path);
  return changeParent(document, path, null, {
    list: (list, token) => list.toSpliced(indexOf(list.length - 1, token, path), 1),
    map: (map, token) => Object.fromEntries(Object.entries(map).filter(([name]) => name !== token)),
  });
}

interface Change {
  readonly list: (list: readonly Json[], token: string) => Json;
  readonly map: (map: JsonObject, token: string) => Json;
}

/** The document with the parent of the path changed; `whole` is the result for the empty path. */
function changeParent(document: Json, path: Pointer, whole: Json, change: Change, at: Pointer = path): Json {
  const [token, ...rest] = at;
  if (token === undefined) return whole;
  const list = asList(document);
  const map = asMap(document);
  if (list !== undefined) {
    if (rest.length === 0) return change.list(list, token);
    const index = indexOf(list.length - 1, token, path);
    return list.with(index, changeParent(list[index] ?? null, path, whole, change, rest));
  }
  if (map === undefined) throw failed(path, "the value around it is neither object nor list");
  if (rest.length === 0) return change.map(map, token);
  const child = ownValue(map, token);
  if (child === undefined) throw failed(path, "the object around it is missing");
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [
      name,
      name === token ? changeParent(child, path, whole, change, rest) : value,
    ]),
  );
}

function indexOf(last: number, token: string, path: Pointer): number {
  const index = /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1;
  if (index < 0 || index > last) throw failed(path, `${JSON.stringify(token)} is no index of the list`);
  return index;
}

function failed(path: Pointer, why: string): EngineError {
  const text = path.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  return new EngineError("patch-failed", `JSON patch: ${why}`, {
    object: text,
    hint: "look at the object again and make the patch from what it is now",
  });
}
