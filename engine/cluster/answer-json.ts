import { EngineError } from "../model/errors.ts";
import { isJsonObject, type JsonObject, type KubeObject } from "../model/kube-object.ts";

/**
 * The JSON object in an answer of success. Something between us and the API server may cut an answer off, or answer
 * itself: from that nothing is concluded.
 * @param what what was asked for, for people
 * @throws EngineError `cluster-unreachable`
 */
export function answerJson(body: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw notOfTheServer(what);
  }
  if (!isJsonObject(value)) throw notOfTheServer(what);
  return value;
}

/** The same, of one object. */
export function answeredObject(body: string, what: string): KubeObject {
  const value = answerJson(body, what);
  if (!isJsonObject(value.metadata) || typeof value.metadata.name !== "string") throw notOfTheServer(what);
  return value as KubeObject; // it has a name: servers give whole objects
}

/** What stands in place of an API server's answer. Its text is left out: it may be anybody's. */
export function notOfTheServer(what: string): EngineError {
  return new EngineError(
    "cluster-unreachable",
    `${what}: the answer is cut off, or is not one of a Kubernetes API server`,
    { hint: "look for a proxy or a sign-in page between Strata and the API server", retryable: true },
  );
}
