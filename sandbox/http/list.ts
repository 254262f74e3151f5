import { parseFieldSelector, parseLabelSelector, type Selects } from "../api/selectors.ts";
import { resourceKey } from "../store/types.ts";
import { askedShape, type Call, json } from "./call.ts";
import { pageOf } from "./pages.ts";
import { representList } from "./representation.ts";
import { expired, parseResourceVersion, refuseFuture } from "./resource-version.ts";

/** What the label and field selectors of a request pick. */
export function selector(query: URLSearchParams): Selects {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "");
  return (object) => labels(object) && fields(object);
}

/** Answers with a list or a page of it, in the shape that was asked for. */
export function list(call: Call): void {
  const { definition, info, query, objects } = call;
  const { store } = objects;
  refuseFuture(parseResourceVersion(query.get("resourceVersion") ?? ""), store.revision);
  const all = store.list(resourceKey(definition), info.namespace).filter(selector(query));
  const asked = { limit: Number(query.get("limit") ?? 0), token: query.get("continue") ?? "" };
  const page = pageOf(all, store.revision, asked);
  // A watch from the list's revision has to tell what changed since its first page.
  if (store.since(Number(page.metadata.resourceVersion)) === undefined)
    throw expired("The provided continue parameter is too old to display a consistent list result.");
  const body = representList(askedShape(call), definition, page.objects, page.metadata, call.now());
  json(call.response, 200, body);
}
