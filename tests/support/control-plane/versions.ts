import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const KUBERNETES_VERSION = "1.36.3";
const ETCD_VERSION = "3.6.5";
const KWOK_VERSION = "0.7.0";

/** Go that builds them; a Go from 1.21 on fetches it by itself, where it may. */
export const GO_VERSION = "1.26";

export type GoProgram = "etcd" | "kwok" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler";

/** One Go module of `go/` and the programs that it builds. */
export interface Build {
  readonly module: string;
  /** Each program with the package that it is built from. */
  readonly programs: ReadonlyMap<GoProgram, string>;
  readonly linkerFlags: string;
  /** What to expect on two cores, for people. */
  readonly takes: string;
}

const STAMP = "k8s.io/component-base/version";
const [MAJOR, MINOR] = KUBERNETES_VERSION.split(".");

export const BUILDS: readonly Build[] = [
  {
    module: "etcd",
    programs: new Map([["etcd", "go.etcd.io/etcd/server/v3"]]),
    linkerFlags: "-s -w",
    takes: "1 min",
  },
  {
    module: "kwok",
    programs: new Map([["kwok", "sigs.k8s.io/kwok/cmd/kwok"]]),
    linkerFlags: "-s -w",
    takes: "2 min",
  },
  {
    module: "kubernetes",
    programs: new Map([
      ["kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"],
      ["kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"],
      ["kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"],
    ]),
    linkerFlags: `-s -w -X ${STAMP}.gitVersion=v${KUBERNETES_VERSION} -X ${STAMP}.gitMajor=${MAJOR} -X ${STAMP}.gitMinor=${MINOR}`,
    takes: "7 min",
  },
];

/** Where built programs are kept: outside the repository, one folder for each set of versions. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const set = environment.XDG_CACHE_HOME ?? "";
  // The XDG specification: a path that is not absolute is to be ignored
  const root = isAbsolute(set) ? set : join(homedir(), ".cache");
  return join(root, "strata", "control-plane", `k${KUBERNETES_VERSION}-e${ETCD_VERSION}-w${KWOK_VERSION}`);
}
