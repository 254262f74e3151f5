export { approvePrune } from "./approve-prune.ts";
export type { Choice } from "./choose-tree.ts";
export { attachProfile, detachProfile, useVersion } from "./cluster-profiles.ts";
export { type Confirmation, confirmUpdates } from "./confirm-updates.ts";
export { createCluster, type NewCluster } from "./create-cluster.ts";
export { type ClusterDeletion, deleteCluster, forceDeletion } from "./delete-cluster.ts";
export { leftoverLines, leftoversAtEnd } from "./leftovers.ts";
export { finishCluster } from "./finish-cluster.ts";
export { deleteVersion, restoreVersion } from "./delete-version.ts";
export { editLayer, readLayer } from "./edit-layer.ts";
export type { LayerFile } from "./find-layer.ts";
export { initRepository } from "./init-repository.ts";
export { lockClusters } from "./lock-clusters.ts";
export { lockWorkTree } from "./lock-work-tree.ts";
export { readPendingTexts } from "./pending-texts.ts";
export { cloneProfile, createVersion, releaseProfile, type VersionName } from "./profile-versions.ts";
export {
  type ClusterLayer,
  overrideCluster,
  readClusterLayer,
  removeOverrides,
} from "./override-cluster.ts";
export { renameCluster } from "./rename-cluster.ts";
export { rollbackCluster } from "./rollback-cluster.ts";
export { tagCluster, tagProfile, untagCluster, untagProfile } from "./tags.ts";
