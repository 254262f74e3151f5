import { z } from "zod";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { badRequest } from "../api/status-error.ts";
import { namespaceOf } from "../store/parts.ts";

export interface Page {
  readonly objects: readonly KubeObject[];
  /** Of the list: the resourceVersion to watch from, and how to go on. */
  readonly metadata: JsonObject;
}

const Token = z.object({ after: z.string(), revision: z.number().int() });

/**
 * One page of a list that is sorted by namespace and name. The next one goes on behind the last object, so that none is
 * skipped or told twice where others come and go meanwhile; all pages have the revision of the first, so that a watch from
 * there tells what changed since. `limit` 0 is all. Throws a 400 for a `continue` that the sandbox did not give.
 */
export function pageOf(
  all: readonly KubeObject[],
  revision: number,
  { limit, token }: { readonly limit: number; readonly token: string },
): Page {
  const from = token === "" ? undefined : readToken(token);
  const ahead = from === undefined ? all : all.filter((object) => keyOf(object) > from.after);
  const objects = limit > 0 ? ahead.slice(0, limit) : ahead;
  const last = objects.at(-1);
  const first = from?.revision ?? revision;
  const left = ahead.length - objects.length;
  const more =
    left > 0 && last !== undefined
      ? { continue: writeToken({ after: keyOf(last), revision: first }), remainingItemCount: left }
      : {};
  return { objects, metadata: { resourceVersion: String(first), ...more } };
}

function keyOf(object: KubeObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`;
}

function writeToken(token: z.infer<typeof Token>): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function readToken(text: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw badRequest("continue key is not valid: begin the list anew");
  }
}
