export { type Edit, editYaml } from "./edit-yaml.ts";
export { type Manifest, type Manifests, readManifests } from "./read-manifests.ts";
export type { Position } from "./line-index.ts";
export { type Document, readStream } from "./read-stream.ts";
export { writeYaml } from "./write-yaml.ts";
