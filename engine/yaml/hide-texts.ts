import { HIDDEN, HIDDEN_CHANGED, hideFields } from "../model/hide-secrets.ts";
import { isJsonObject, type Json } from "../model/kube-object.ts";
import { editDocuments } from "./edit-documents.ts";
import { readStream } from "./read-stream.ts";

/**
 * Two texts of a layer without the values of Secrets. Those of a Secret that differs between the two are marked in the
 * second, so that a diff shows that it does.
 */
export function hideTexts(
  before: string,
  after: string,
): { readonly before: string; readonly after: string } {
  const known = new Set<string>();
  const hiddenBefore = hideText(before, (secret) => {
    known.add(JSON.stringify(secret));
    return HIDDEN;
  });
  const hiddenAfter = hideText(after, (secret) =>
    known.has(JSON.stringify(secret)) ? HIDDEN : HIDDEN_CHANGED,
  );
  return { before: hiddenBefore, after: hiddenAfter };
}

/** A text of a layer with `hidden` in place of each value of a Secret. */
export function hideText(text: string, hidden: (secret: Json) => string): string {
  // Most layers hold none: they need not be read
  if (!text.includes("Secret")) return text;
  const documents = readStream(text, { file: "" }).map(({ value }) => value);
  return editDocuments(
    text,
    documents.map((value) => hideValue(value, hidden)),
  );
}

/** @param inList whether it is an item of a SecretList, which needs no kind of its own */
function hideValue(value: Json, hidden: (secret: Json) => string, inList = false): Json {
  if (!isJsonObject(value)) return value;
  const { items } = value;
  if (Array.isArray(items)) {
    const ofSecrets = inList || value.kind === "SecretList" || value.kind === "Secret";
    const hide = (item: Json): Json => hideValue(item, hidden, ofSecrets);
    return { ...value, items: (items as readonly Json[]).map(hide) };
  }
  if (inList && value.kind == null) return hideFields(value, hidden(value));
  return value.kind === "Secret" && value.apiVersion === "v1" ? hideFields(value, hidden(value)) : value;
}
