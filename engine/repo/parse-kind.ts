import type { z } from "zod";
import { EngineError, type Problem } from "../model/errors.ts";
import { isJsonObject, type Json } from "../model/kube-object.ts";
import { type Document, readStream } from "../yaml/index.ts";

export interface Parsed<T> {
  /** Undefined where problems hold an error. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads a file that holds one document of one kind.
 * Everything wrong with it comes back as problems with file, line and column; nothing is thrown for bad content.
 */
export function parseKind<T>(text: string | Uint8Array, file: string, schema: z.ZodType<T>): Parsed<T> {
  let documents: readonly Document[];
  try {
    documents = readStream(text, { file });
  } catch (error) {
    if (error instanceof EngineError) return { value: undefined, problems: [error.toProblem()] };
    throw error;
  }
  const [document, second] = documents;
  if (document === undefined || second !== undefined) {
    const message = document === undefined ? "the file is empty" : "the file holds more than one document";
    const problem = { code: "schema-invalid", message, file, line: second?.line ?? 1, column: 1 };
    return { value: undefined, problems: [problem] };
  }
  const credentials = findCredentials(document, file);
  if (credentials.length > 0) return { value: undefined, problems: credentials };
  const unseen = findUnseen(document.value);
  if (unseen !== undefined)
    return { value: undefined, problems: [problemAt(document, file, unseen, unknownField("__proto__"))] };
  const result = schema.safeParse(document.value);
  if (result.success) return { value: result.data, problems: [] };
  return {
    value: undefined,
    problems: result.error.issues.flatMap((issue) => describeIssue(issue, document, file)),
  };
}

function problemAt(
  document: Document,
  file: string,
  to: readonly (string | number)[],
  message: string,
): Problem {
  return {
    code: "schema-invalid",
    message,
    file,
    ...document.position(to),
    object: formatPath(to),
    severity: "error",
  };
}

/** The first key `__proto__`, which zod passes over without a word. */
function findUnseen(value: Json, path: readonly (string | number)[] = []): (string | number)[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, child] of Object.entries(value) as [string, Json][]) {
    const to = [...path, Array.isArray(value) ? Number(key) : key];
    const found = key === "__proto__" ? to : findUnseen(child, to);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknownField(key: string): string {
  return `the field "${shorten(key)}" is not known here`;
}

function describeIssue(issue: z.core.$ZodIssue, document: Document, file: string): Problem[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  const at = (to: (string | number)[], message: string) => problemAt(document, file, to, message);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => at([...path, key], unknownField(key)));
  }
  if (issue.code === "invalid_union" && path.at(-1) === "connection") {
    return [
      at(path, "a connection is one of { context: <name> }, { inCluster: true } and { sandbox: true }"),
    ];
  }
  return [at(path, issue.message)];
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `spec.layers[0].name` */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

const CREDENTIAL =
  /^(token|password|passwd|client-?key(-?data)?|bearer-?token|secret-?key|private-?key|auth-?provider|exec)$/i;

/** Fields of a connection that would carry a credential in clear text: refused by name, whatever else they are. */
function findCredentials(document: Document, file: string): Problem[] {
  const root = document.value;
  const spec = isJsonObject(root) ? root.spec : undefined;
  const connection = isJsonObject(spec) ? spec.connection : undefined;
  const found: Problem[] = [];
  const visit = (value: Json | undefined, path: (string | number)[]) => {
    if (!isJsonObject(value)) return;
    for (const [key, child] of Object.entries(value)) {
      const to = [...path, key];
      if (!CREDENTIAL.test(key)) visit(child, to);
      else {
        found.push({
          code: "credentials-in-repository",
          message: `a connection must not carry "${key}": credentials never belong in Git`,
          file,
          ...document.position(to),
          object: formatPath(to),
          hint: "remove it from the history too, revoke it, and name a context of the engine's own kubeconfig instead",
          severity: "error",
        });
      }
    }
  };
  visit(connection, ["spec", "connection"]);
  return found;
}
