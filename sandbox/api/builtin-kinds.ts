import type { ResourceDefinition } from "../store/types.ts";

export type BuiltinKind = Omit<ResourceDefinition, "schema" | "preferred" | "columns">;

/** `group|version|kind|plural|short names|namespaced|subresources|category`, as `kubectl api-resources` tells of a real server. */
const TABLE = `
|v1|Namespace|namespaces|ns|0|status
|v1|Node|nodes|no|0|status
|v1|PersistentVolume|persistentvolumes|pv|0|status
|v1|Pod|pods|po|1|status|all
|v1|Service|services|svc|1|status|all
|v1|ConfigMap|configmaps|cm|1|
|v1|Secret|secrets||1|
|v1|ServiceAccount|serviceaccounts|sa|1|
|v1|Endpoints|endpoints|ep|1|
|v1|Event|events|ev|1|
|v1|LimitRange|limitranges|limits|1|
|v1|ResourceQuota|resourcequotas|quota|1|status
|v1|PersistentVolumeClaim|persistentvolumeclaims|pvc|1|status
|v1|ReplicationController|replicationcontrollers|rc|1|status,scale|all
apps|v1|Deployment|deployments|deploy|1|status,scale|all
apps|v1|ReplicaSet|replicasets|rs|1|status,scale|all
apps|v1|StatefulSet|statefulsets|sts|1|status,scale|all
apps|v1|DaemonSet|daemonsets|ds|1|status|all
apps|v1|ControllerRevision|controllerrevisions||1|
batch|v1|Job|jobs||1|status|all
batch|v1|CronJob|cronjobs|cj|1|status|all
networking.k8s.io|v1|Ingress|ingresses|ing|1|status
networking.k8s.io|v1|IngressClass|ingressclasses||0|
networking.k8s.io|v1|NetworkPolicy|networkpolicies|netpol|1|
rbac.authorization.k8s.io|v1|Role|roles||1|
rbac.authorization.k8s.io|v1|RoleBinding|rolebindings||1|
rbac.authorization.k8s.io|v1|ClusterRole|clusterroles||0|
rbac.authorization.k8s.io|v1|ClusterRoleBinding|clusterrolebindings||0|
policy|v1|PodDisruptionBudget|poddisruptionbudgets|pdb|1|status
autoscaling|v2|HorizontalPodAutoscaler|horizontalpodautoscalers|hpa|1|status|all
storage.k8s.io|v1|StorageClass|storageclasses|sc|0|
storage.k8s.io|v1|CSIDriver|csidrivers||0|
coordination.k8s.io|v1|Lease|leases||1|
discovery.k8s.io|v1|EndpointSlice|endpointslices||1|
apiextensions.k8s.io|v1|CustomResourceDefinition|customresourcedefinitions|crd,crds|0|status|api-extensions
apiregistration.k8s.io|v1|APIService|apiservices||0|status|api-extensions
admissionregistration.k8s.io|v1|MutatingWebhookConfiguration|mutatingwebhookconfigurations||0||api-extensions
admissionregistration.k8s.io|v1|ValidatingWebhookConfiguration|validatingwebhookconfigurations||0||api-extensions
scheduling.k8s.io|v1|PriorityClass|priorityclasses|pc|0|
events.k8s.io|v1|Event|events|ev|1|
`;

/** The kinds that the sandbox serves. */
export const BUILTIN: readonly BuiltinKind[] = TABLE.trim().split("\n").map(readRow);

function readRow(row: string): BuiltinKind {
  const [
    group = "",
    version = "",
    kind = "",
    plural = "",
    short = "",
    namespaced,
    subresources = "",
    category = "",
  ] = row.split("|");
  const words = (text: string) => text.split(",").filter((word) => word !== "");
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: words(short),
    categories: words(category),
    namespaced: namespaced === "1",
    subresources: words(subresources),
  };
}
