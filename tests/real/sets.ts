/** A release of a Go module, with the checksum that go.sum would have. */
export interface ModuleRelease {
  readonly module: string;
  readonly version: string;
  readonly sum: string;
}

/** What of a module is applied: a folder that is built with kustomize, or files, as they are. */
export type Source =
  | { readonly kustomize: string; readonly files?: undefined }
  | { readonly files: readonly string[]; readonly kustomize?: undefined };

export interface SetRelease {
  readonly release: ModuleRelease;
  readonly source: Source;
}

/** A public set of manifests at two releases. */
export interface ManifestSet {
  readonly name: string;
  readonly exercises: string;
  readonly first: SetRelease;
  readonly next: SetRelease;
  /** What its documentation says is to be installed before. */
  readonly needs?: SetRelease;
  /** What cannot become ready where no program runs in the Pods. */
  readonly unready?: string;
  /** What the next release says to who goes back to the first: it guards itself against that. */
  readonly staysForward?: string;
}

const CERT_MANAGER = of(
  "github.com/cert-manager/cert-manager",
  "v1.21.2",
  "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=",
  { files: ["deploy/crds"] },
);

const CLUSTER_API = ["sigs.k8s.io/cluster-api"] as const;
const CLUSTER_API_FIRST = ["v1.13.6", "h1:imZVIstbRIq2DoKftQv0wPm+vyhWXrE3Zft8E43maqo="] as const;
const CLUSTER_API_NEXT = ["v1.14.2", "h1:o3GFNaeNFAOEEMpDPfhCK+2CjmV6gtQ8yLEcUwCg7bA="] as const;

/**
 * Go modules that bring the manifests of the API that they define. All of them are what users apply by hand; none
 * is of ours.
 */
export const SETS: readonly ManifestSet[] = [
  {
    name: "gateway-api",
    exercises: "CRDs, a ValidatingAdmissionPolicy",
    staysForward: "ValidatingAdmissionPolicy 'safe-upgrades.gateway.networking.k8s.io'",
    ...both("sigs.k8s.io/gateway-api", { kustomize: "config/crd" }, [
      ["v1.5.1", "h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0="],
      ["v1.6.3", "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc="],
    ]),
  },
  {
    name: "istio",
    exercises: "CRDs",
    ...both("istio.io/api", { files: ["kubernetes/customresourcedefinitions.gen.yaml"] }, [
      ["v1.30.8", "h1:/weRNO9YbJsKqFibiGCjXG1i+UwNhJb3vts6ChGR554="],
      ["v1.31.4", "h1:AcnncYrlDj1PJkym7h88Gggkef4MAra8QpGaXRMsr+E="],
    ]),
  },
  {
    name: "karpenter",
    exercises: "CRDs, the next without a version of the first",
    ...both("sigs.k8s.io/karpenter", { files: ["pkg/apis/crds"] }, [
      ["v1.0.8", "h1:15ZYsFRMHJQTRR5+cvFK2D0V6Cj34fgU0qHPKnmFl68="],
      ["v1.1.0", "h1:4SdCXihNKH4Y5xLwtKh7sqvCPYTQ3vCvCTPFRaNPQ5Y="],
    ]),
  },
  {
    name: "velero",
    exercises: "CRDs",
    ...both(
      "github.com/vmware-tanzu/velero",
      { files: ["config/crd/v1/bases", "config/crd/v2alpha1/bases"] },
      [
        ["v1.15.2", "h1:zB4nRgknByjFasZLb7XHU/OsQ+1fs9iaIL3yhzuIeMQ="],
        ["v1.18.3", "h1:9uwN5yxTWQl9PsF5ljX4xiG+7VIq3I9mxOQ0DyyZ31A="],
      ],
    ),
  },
  {
    name: "vertical-pod-autoscaler",
    exercises: "CRDs, operator",
    ...both("k8s.io/autoscaler/vertical-pod-autoscaler", { kustomize: "deploy" }, [
      ["v1.7.3", "h1:MGd2lqWWrnT0nUurQ2g5t6lDf6hG7yJai5ZGadqEoRU="],
      ["v1.8.1", "h1:Pe8bV1wozN4gOKO1rleiIY5alIyAXN+DnXDbXQcL4fI="],
    ]),
  },
  {
    name: "metrics-server",
    exercises: "operator, aggregated API",
    unready: "APIService.apiregistration.k8s.io v1beta1.metrics.k8s.io",
    ...both("sigs.k8s.io/metrics-server", { kustomize: "manifests/overlays/release" }, [
      ["v0.8.0", "h1:Zlsi3sBWEtFKCD3+xSysThvXyLQ363rUAlqpnsY5JwI="],
      ["v0.9.0", "h1:nlqqZ2H0Xfko8eJC/1qaNVVT17hu4rxndkOi22KTZ4w="],
    ]),
  },
  {
    name: "keda",
    exercises: "CRDs, operator, admission webhooks, aggregated API",
    unready: "APIService.apiregistration.k8s.io v1beta1.external.metrics.k8s.io",
    ...both("github.com/kedacore/keda/v2", { kustomize: "config/default" }, [
      ["v2.20.2", "h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA="],
      ["v2.21.0", "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps="],
    ]),
  },
  {
    name: "kuberay",
    exercises: "CRDs of 3 MB, operator, admission webhooks, custom resources",
    needs: CERT_MANAGER,
    ...both("github.com/ray-project/kuberay/ray-operator", { kustomize: "config/default-with-webhooks" }, [
      ["v1.4.0", "h1:QSVqJlPDHnpC/hi3nBbxioxfPEiL3WbmM9hnv6xy2Vk="],
      ["v1.5.0", "h1:KCjCQ7PSsvs9Ke+90CZbbs498nuaIJ/JkXk4vd54EVg="],
    ]),
  },
  {
    name: "cluster-api",
    exercises: "CRDs with conversion webhooks, operator, admission webhooks, custom resources",
    needs: CERT_MANAGER,
    first: of(...CLUSTER_API, ...CLUSTER_API_FIRST, { kustomize: "config/default" }),
    next: of(...CLUSTER_API, ...CLUSTER_API_NEXT, { kustomize: "core/config/default" }),
  },
  {
    name: "cluster-api-kubeadm-control-plane",
    exercises: "CRDs with conversion webhooks, operator, admission webhooks, custom resources",
    needs: CERT_MANAGER,
    ...both(CLUSTER_API[0], { kustomize: "controlplane/kubeadm/config/default" }, [
      CLUSTER_API_FIRST,
      CLUSTER_API_NEXT,
    ]),
  },
];

type Pin = readonly [version: string, sum: string];

function of(module: string, version: string, sum: string, source: Source): SetRelease {
  return { release: { module, version, sum }, source };
}

function both(
  module: string,
  source: Source,
  [first, next]: readonly [Pin, Pin],
): Pick<ManifestSet, "first" | "next"> {
  return { first: of(module, ...first, source), next: of(module, ...next, source) };
}
