import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { mapAt, textAt } from "../../store/parts.ts";
import { badRequest, type FieldProblem } from "../status-error.ts";
import { immutable, required, tooLong, wrong } from "./problem.ts";

/** The most that a ConfigMap or Secret holds. */
const MOST_BYTES = 1_048_576;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const KEY_RULE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

/** What is wrong with a ConfigMap or Secret. Throws a 400 where bytes are no base64. */
export function dataProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const [data, binary] = [mapAt(object, "data"), mapAt(object, "binaryData")];
  const isSecret = object.kind === "Secret";
  const encoded = isSecret ? data : binary;
  refuseOtherThanBase64(object, encoded);
  const keys = [...Object.keys(data), ...Object.keys(binary)];
  const size = sizeOf(data, isSecret) + sizeOf(binary, true);
  const needed = isSecret ? (NEEDED[textAt(object, "type")] ?? []) : [];
  return [
    ...keys.filter((key) => !KEY.test(key)).map((key) => wrong(`data[${key}]`, key, KEY_RULE)),
    ...(size > MOST_BYTES ? [tooLong(isSecret ? "data" : "", MOST_BYTES)] : []),
    ...needed.filter((key) => data[key] === undefined).map((key) => required(`data[${key}]`)),
    ...(isSecret ? immutable(object, before, ["type"]) : []),
  ];
}

/** Neither the value nor a part of it is in the message: it may be a secret. */
function refuseOtherThanBase64({ kind }: KubeObject, encoded: JsonObject): void {
  for (const value of Object.values(encoded)) {
    const text = typeof value === "string" ? value.replaceAll(/[\r\n]/g, "") : "";
    if (!BASE64.test(text))
      throw badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: illegal base64 data`);
  }
}

function sizeOf(data: JsonObject, isEncoded: boolean): number {
  return Object.values(data).reduce<number>((sum, value) => {
    const text = typeof value === "string" ? value : "";
    return sum + Buffer.byteLength(text, isEncoded ? "base64" : "utf8");
  }, 0);
}
