import { EngineError, type Problem } from "../model/errors.ts";
import { isJsonObject, type KubeObject } from "../model/kube-object.ts";
import { checkManifest } from "./check-manifest.ts";
import { readEach, type StreamOptions } from "./read-stream.ts";

/** One document of an override: a part of an object, and where it is written. */
export interface PatchDocument {
  readonly object: KubeObject;
  readonly line: number;
}

/**
 * Reads the documents of an override. Each has apiVersion, kind and metadata.name; what else it holds is for the merge
 * to read. All that is wrong comes back as problems with file, line and column.
 */
export function readPatches(
  data: string | Uint8Array,
  { file }: StreamOptions,
): { readonly documents: readonly PatchDocument[]; readonly problems: readonly Problem[] } {
  const documents: PatchDocument[] = [];
  const problems: Problem[] = [];
  for (const document of readEach(data, { file })) {
    if (document instanceof EngineError) problems.push(document.toProblem());
    else if (isJsonObject(document.value)) {
      const findings = checkManifest(document.value);
      for (const { path, ...finding } of findings)
        problems.push({
          code: "override-invalid",
          ...finding,
          file,
          ...document.position(path),
          severity: "error",
        });
      // checkManifest has seen apiVersion, kind and metadata.name
      if (findings.length === 0)
        documents.push({ object: document.value as KubeObject, line: document.line });
    } else {
      const message = "a document of an override must be a mapping with apiVersion, kind and metadata";
      problems.push({ code: "override-invalid", message, file, ...document.position([]), severity: "error" });
    }
  }
  return { documents, problems };
}
