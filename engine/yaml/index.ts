export { editDocuments } from "./edit-documents.ts";
export { type Edit, editYaml } from "./edit-yaml.ts";
export { readManifests } from "./read-manifests.ts";
export { type Document, readStream } from "./read-stream.ts";
export { writeYaml } from "./write-yaml.ts";
