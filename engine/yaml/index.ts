export { editDocuments } from "./edit-documents.ts";
export { type Edit, editYaml } from "./edit-yaml.ts";
export { joinFiles, type TextFile } from "./layer-text.ts";
export { readManifests } from "./read-manifests.ts";
export { type PatchDocument, readPatches } from "./read-patches.ts";
export { type Document, readStream } from "./read-stream.ts";
export { splitFiles } from "./split-files.ts";
export { lineInText, type Part, splitParts } from "./split-parts.ts";
export { writeYaml } from "./write-yaml.ts";
