import { homedir } from "node:os";
import { join } from "node:path";

export const KUBERNETES_VERSION = "1.36.3";
export const ETCD_VERSION = "3.6.5";
export const KWOK_VERSION = "0.7.0";

/** One Go module of `go/` and the programs that it builds. */
export interface Build {
  readonly module: string;
  readonly programs: readonly string[];
  readonly packages: readonly string[];
  readonly flags: string;
  /** What to expect on two cores, for people. */
  readonly takes: string;
}

const K8S = "k8s.io/kubernetes/cmd";
const STAMP = "k8s.io/component-base/version";

export const BUILDS: readonly Build[] = [
  {
    module: "etcd",
    programs: ["etcd"],
    packages: ["go.etcd.io/etcd/server/v3"],
    flags: "-s -w",
    takes: "1 min",
  },
  {
    module: "kwok",
    programs: ["kwok"],
    packages: ["sigs.k8s.io/kwok/cmd/kwok"],
    flags: "-s -w",
    takes: "2 min",
  },
  {
    module: "kubernetes",
    programs: ["kube-apiserver", "kube-controller-manager", "kube-scheduler"],
    packages: [`${K8S}/kube-apiserver`, `${K8S}/kube-controller-manager`, `${K8S}/kube-scheduler`],
    flags: `-s -w -X ${STAMP}.gitVersion=v${KUBERNETES_VERSION} -X ${STAMP}.gitMajor=1 -X ${STAMP}.gitMinor=36`,
    takes: "7 min",
  },
];

/** Where built programs are kept: outside the repository, one folder for each set of versions. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const root = environment.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(root, "strata", "control-plane", `k${KUBERNETES_VERSION}-e${ETCD_VERSION}-w${KWOK_VERSION}`);
}
