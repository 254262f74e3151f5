import type { Json, JsonObject } from "../../../engine/model/kube-object.ts";
import { StatusError } from "../../api/status-error.ts";
import { textAt } from "../../store/parts.ts";
import { type FieldType, fieldsOfMessage } from "./messages.ts";
import { UnreadableProtobuf, wireFields } from "./wire.ts";

const MAGIC = Buffer.from("k8s\0");

/**
 * The object in a body of `application/vnd.kubernetes.protobuf`, as kubectl's `create <kind> …` sends it. What is not
 * known is never left out in silence: throws a 415.
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  try {
    if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw new UnreadableProtobuf("the body is no object");
    const [envelope, raw] = openEnvelope(body.subarray(MAGIC.length));
    const { apiVersion = "", kind = "" } = envelope;
    return { apiVersion, kind, ...decodeMessage(textAt(envelope, "kind"), raw) };
  } catch (error) {
    if (!(error instanceof UnreadableProtobuf)) throw error;
    const hint = "the sandbox reads little protobuf: send JSON or YAML, with kubectl a file (-f)";
    throw new StatusError(415, "UnsupportedMediaType", `${error.message}; ${hint}`);
  }
}

function openEnvelope(bytes: Buffer): [JsonObject, Buffer] {
  let type: JsonObject = {};
  let raw = Buffer.alloc(0);
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1 && Buffer.isBuffer(value)) type = decodeMessage("TypeMeta", value);
    if (number === 2 && Buffer.isBuffer(value)) raw = Buffer.from(value);
  }
  return [type, raw];
}

function decodeMessage(message: string, bytes: Buffer): JsonObject {
  const fields = fieldsOfMessage(message);
  if (fields === undefined) throw new UnreadableProtobuf(`the body has a ${message}`);
  const object: Record<string, Json> = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields.get(number);
    if (field === undefined) throw new UnreadableProtobuf(`the body has field ${number} of ${message}`);
    if (field.type === "ignored") continue;
    place(object, field, value);
  }
  return object;
}

function place(object: Record<string, Json>, field: FieldType, wire: bigint | Buffer): void {
  const { name, many, keepsZero } = field;
  if (many === "list") {
    const before = object[name];
    object[name] = [
      ...(Array.isArray(before) ? (before as readonly Json[]) : []),
      decodeValue(field.type, wire),
    ];
    return;
  }
  if (many === "map") {
    object[name] = { ...(object[name] as JsonObject | undefined), ...decodeEntry(field.type, wire) }; // only entries were put there
    return;
  }
  const value = decodeValue(field.type, wire);
  if (name === "") Object.assign(object, value);
  else if (keepsZero || !isZero(value)) object[name] = value;
}

function decodeEntry(type: string, wire: bigint | Buffer): JsonObject {
  let [key, value]: [string, Json] = ["", type === "text" ? "" : null];
  for (const part of wireFields(asBytes(wire))) {
    if (part.number === 1) key = asBytes(part.value).toString("utf8");
    else value = decodeValue(type, part.value);
  }
  return { [key]: value };
}

function decodeValue(type: string, wire: bigint | Buffer): Json {
  if (type === "int") return typeof wire === "bigint" ? Number(wire) : unfit(type);
  if (type === "bool") return wire !== 0n;
  if (type === "text") return asBytes(wire).toString("utf8");
  if (type === "bytes") return asBytes(wire).toString("base64");
  const decoded = decodeMessage(type, asBytes(wire));
  if (type === "Quantity") return decoded.string ?? "";
  if (type === "IntOrString") return decoded.type === 1 ? (decoded.strVal ?? "") : (decoded.intVal ?? 0);
  return decoded;
}

function asBytes(wire: bigint | Buffer): Buffer {
  return Buffer.isBuffer(wire) ? wire : unfit("bytes");
}

function unfit(type: string): never {
  throw new UnreadableProtobuf(`the body has another value where ${type} should be`);
}

/** What JSON of the same Go struct leaves out. */
function isZero(value: Json): boolean {
  if (value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
