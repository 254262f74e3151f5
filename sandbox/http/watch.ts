import { StatusError } from "../api/status-error.ts";
import type { Selects } from "../api/selectors.ts";
import { askedShape, type Call } from "./call.ts";
import { selector } from "./list.ts";
import { parseResourceVersion, refuseFuture } from "./resource-version.ts";
import { streamWatch } from "./watch-stream.ts";

const LONGEST_SECONDS = 3600;

/** Starts a watch of a collection, or of one object. */
export function watch(call: Call): void {
  const { definition, info, query, objects, response } = call;
  const initialEvents = query.get("sendInitialEvents") === "true";
  if (initialEvents && query.get("resourceVersionMatch") !== "NotOlderThan") throw matchMissing();
  const from = parseResourceVersion(query.get("resourceVersion") ?? "");
  if (initialEvents) refuseFuture(from, objects.store.revision);
  const byName: Selects = (object) => info.name === "" || object.metadata.name === info.name;
  const selects = selector(query);
  const timeoutSeconds = Number(query.get("timeoutSeconds") ?? LONGEST_SECONDS);
  streamWatch(
    objects.store,
    {
      definition,
      namespace: info.namespace,
      selects: (object) => byName(object) && selects(object),
      shape: askedShape(call),
      from,
      initialEvents,
      bookmarks: query.get("allowWatchBookmarks") === "true",
      timeoutSeconds: timeoutSeconds > 0 ? timeoutSeconds : LONGEST_SECONDS,
    },
    response,
    call.now,
  );
}

export function isWatch(query: URLSearchParams): boolean {
  return query.get("watch") === "true" || query.get("watch") === "1";
}

function matchMissing(): StatusError {
  const message = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
  const title = 'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch';
  return new StatusError(422, "Invalid", `${title}: ${message}`, {
    group: "meta.k8s.io",
    kind: "ListOptions",
    causes: [{ reason: "FieldValueForbidden", message, field: "resourceVersionMatch" }],
  });
}
