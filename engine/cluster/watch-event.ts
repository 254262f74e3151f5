import { EngineError } from "../model/errors.ts";
import { isJsonObject, type Json, type KubeObject } from "../model/kube-object.ts";

export type WatchEvent =
  | { readonly type: "upsert"; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: "gone"; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: "bookmark"; readonly resourceVersion: string; readonly initialEventsEnd: boolean }
  | { readonly type: "error"; readonly status: Json | undefined };

/**
 * One line of a watch.
 * @throws EngineError `stream-broken` for what is no event
 */
export function readWatchEvent(line: unknown): WatchEvent {
  if (isJsonObject(line)) {
    if (line.type === "ERROR") return { type: "error", status: line.object };
    const { object } = line;
    if (isJsonObject(object) && isJsonObject(object.metadata)) {
      const { resourceVersion, annotations } = object.metadata;
      if (typeof resourceVersion === "string") {
        if (line.type === "BOOKMARK") {
          const end = isJsonObject(annotations) && annotations["k8s.io/initial-events-end"] === "true";
          return { type: "bookmark", resourceVersion, initialEventsEnd: end };
        }
        const known = object as KubeObject; // the API server's events hold whole objects
        if (line.type === "ADDED" || line.type === "MODIFIED") {
          return { type: "upsert", object: known, resourceVersion };
        }
        if (line.type === "DELETED") return { type: "gone", object: known, resourceVersion };
      }
    }
  }
  throw new EngineError("stream-broken", "the API server sent a line that is no watch event", {
    retryable: true,
  });
}
