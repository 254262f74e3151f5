/** A field of a message, by its number. */
export interface FieldType {
  /** In JSON; empty where the message's fields are its parent's own. */
  readonly name: string;
  /** `text`, `bytes`, `int`, `bool`, `ignored`, or a message. */
  readonly type: string;
  readonly many: "one" | "list" | "map";
  /** Whether 0 and false mean something: in Go, a pointer. */
  readonly keepsZero: boolean;
}

/**
 * `message|number name type|…` of what kubectl's `create` makes, after the `generated.proto` files of k8s.io/api and
 * k8s.io/apimachinery 0.36. `*` marks a list, `%` a map from text, `?` a pointer.
 */
const TABLE = `
Unknown|1 typeMeta TypeMeta|2 raw bytes|3 contentEncoding text|4 contentType text
TypeMeta|1 apiVersion text|2 kind text
ObjectMeta|1 name text|2 generateName text|3 namespace text|4 selfLink text|5 uid text|6 resourceVersion text|7 generation int|8 creationTimestamp ignored|11 labels %text|12 annotations %text|13 ownerReferences *OwnerReference|14 finalizers *text|17 managedFields ignored
OwnerReference|1 kind text|3 name text|4 uid text|5 apiVersion text|6 controller bool?|7 blockOwnerDeletion bool?
DeleteOptions|1 gracePeriodSeconds int?|2 preconditions Preconditions|3 orphanDependents bool?|4 propagationPolicy text|5 dryRun *text
Preconditions|1 uid text|2 resourceVersion text
LabelSelector|1 matchLabels %text|2 matchExpressions *LabelSelectorRequirement
LabelSelectorRequirement|1 key text|2 operator text|3 values *text
Namespace|1 metadata ObjectMeta|2 spec NamespaceSpec|3 status ignored
NamespaceSpec|1 finalizers *text
ConfigMap|1 metadata ObjectMeta|2 data %text|3 binaryData %bytes|4 immutable bool?
Secret|1 metadata ObjectMeta|2 data %bytes|3 type text|4 stringData %text|5 immutable bool?
ServiceAccount|1 metadata ObjectMeta|3 imagePullSecrets *LocalObjectReference|4 automountServiceAccountToken bool?
LocalObjectReference|1 name text
Service|1 metadata ObjectMeta|2 spec ServiceSpec|3 status ignored
ServiceSpec|1 ports *ServicePort|2 selector %text|3 clusterIP text|4 type text|5 externalIPs *text|7 sessionAffinity text|8 loadBalancerIP text|10 externalName text|11 externalTrafficPolicy text|12 healthCheckNodePort int|13 publishNotReadyAddresses bool|18 clusterIPs *text
ServicePort|1 name text|2 protocol text|3 port int|4 targetPort IntOrString|5 nodePort int|6 appProtocol text
Deployment|1 metadata ObjectMeta|2 spec DeploymentSpec|3 status ignored
DeploymentSpec|1 replicas int?|2 selector LabelSelector|3 template PodTemplateSpec|4 strategy DeploymentStrategy|5 minReadySeconds int|6 revisionHistoryLimit int?|7 paused bool|9 progressDeadlineSeconds int?
DeploymentStrategy|1 type text|2 rollingUpdate RollingUpdateDeployment
RollingUpdateDeployment|1 maxUnavailable IntOrString|2 maxSurge IntOrString
PodTemplateSpec|1 metadata ObjectMeta|2 spec PodSpec
PodSpec|2 containers *Container|3 restartPolicy text|4 terminationGracePeriodSeconds int?|5 activeDeadlineSeconds int?|6 dnsPolicy text|7 nodeSelector %text|8 serviceAccountName text|9 serviceAccount text|10 nodeName text|11 hostNetwork bool|12 hostPID bool|13 hostIPC bool|15 imagePullSecrets *LocalObjectReference|16 hostname text|17 subdomain text|19 schedulerName text|20 initContainers *Container|24 priorityClassName text
Container|1 name text|2 image text|3 command *text|4 args *text|5 workingDir text|6 ports *ContainerPort|7 env *EnvVar|8 resources ResourceRequirements|13 terminationMessagePath text|14 imagePullPolicy text|16 stdin bool|17 stdinOnce bool|18 tty bool|20 terminationMessagePolicy text
ContainerPort|1 name text|2 hostPort int|3 containerPort int|4 protocol text|5 hostIP text
EnvVar|1 name text|2 value text
ResourceRequirements|1 limits %Quantity|2 requests %Quantity
Job|1 metadata ObjectMeta|2 spec JobSpec|3 status ignored
JobSpec|1 parallelism int?|2 completions int?|3 activeDeadlineSeconds int?|4 selector LabelSelector|5 manualSelector bool?|6 template PodTemplateSpec|7 backoffLimit int?|8 ttlSecondsAfterFinished int?|9 completionMode text|10 suspend bool?
CronJob|1 metadata ObjectMeta|2 spec CronJobSpec|3 status ignored
CronJobSpec|1 schedule text|2 startingDeadlineSeconds int?|3 concurrencyPolicy text|4 suspend bool?|5 jobTemplate JobTemplateSpec|6 successfulJobsHistoryLimit int?|7 failedJobsHistoryLimit int?|8 timeZone text
JobTemplateSpec|1 metadata ObjectMeta|2 spec JobSpec
Role|1 metadata ObjectMeta|2 rules *PolicyRule
ClusterRole|1 metadata ObjectMeta|2 rules *PolicyRule
PolicyRule|1 verbs *text|2 apiGroups *text|3 resources *text|4 resourceNames *text|5 nonResourceURLs *text
RoleBinding|1 metadata ObjectMeta|2 subjects *Subject|3 roleRef RoleRef
ClusterRoleBinding|1 metadata ObjectMeta|2 subjects *Subject|3 roleRef RoleRef
RoleRef|1 apiGroup text|2 kind text|3 name text
Subject|1 kind text|2 apiGroup text|3 name text|4 namespace text
Ingress|1 metadata ObjectMeta|2 spec IngressSpec|3 status ignored
IngressSpec|1 defaultBackend IngressBackend|2 tls *IngressTLS|3 rules *IngressRule|4 ingressClassName text
IngressTLS|1 hosts *text|2 secretName text
IngressRule|1 host text|2 . IngressRuleValue
IngressRuleValue|1 http HTTPIngressRuleValue
HTTPIngressRuleValue|1 paths *HTTPIngressPath
HTTPIngressPath|1 path text|2 backend IngressBackend|3 pathType text
IngressBackend|4 service IngressServiceBackend
IngressServiceBackend|1 name text|2 port ServiceBackendPort
ServiceBackendPort|1 name text|2 number int
PodDisruptionBudget|1 metadata ObjectMeta|2 spec PodDisruptionBudgetSpec|3 status ignored
PodDisruptionBudgetSpec|1 minAvailable IntOrString|2 selector LabelSelector|3 maxUnavailable IntOrString|4 unhealthyPodEvictionPolicy text
PriorityClass|1 metadata ObjectMeta|2 value int?|3 globalDefault bool|4 description text|5 preemptionPolicy text
ResourceQuota|1 metadata ObjectMeta|2 spec ResourceQuotaSpec|3 status ignored
ResourceQuotaSpec|1 hard %Quantity|2 scopes *text
SelfSubjectAccessReview|1 metadata ObjectMeta|2 spec SelfSubjectAccessReviewSpec|3 status ignored
SelfSubjectAccessReviewSpec|1 resourceAttributes ResourceAttributes|2 nonResourceAttributes NonResourceAttributes
ResourceAttributes|1 namespace text|2 verb text|3 group text|4 version text|5 resource text|6 subresource text|7 name text
NonResourceAttributes|1 path text|2 verb text
SelfSubjectReview|1 metadata ObjectMeta|2 status ignored
IntOrString|1 type int?|2 intVal int?|3 strVal text
Quantity|1 string text
`;

const NUMBER_NAME_TYPE = /^(\d+) (\S+) ([*%]?)(\w+)(\??)$/;
const MESSAGES: ReadonlyMap<string, ReadonlyMap<number, FieldType>> = new Map(
  TABLE.trim().split("\n").map(readMessage),
);

/** The fields of a message; undefined for one that the sandbox does not read. */
export function fieldsOfMessage(name: string): ReadonlyMap<number, FieldType> | undefined {
  return MESSAGES.get(name);
}

function readMessage(row: string): [string, ReadonlyMap<number, FieldType>] {
  const [message = "", ...fields] = row.split("|");
  return [message, new Map(fields.map(readField))];
}

function readField(text: string): [number, FieldType] {
  const [, number, name = "", mark, type = "", pointer] = NUMBER_NAME_TYPE.exec(text) ?? [];
  const many = mark === "*" ? "list" : mark === "%" ? "map" : "one";
  return [Number(number), { name: name === "." ? "" : name, type, many, keepsZero: pointer === "?" }];
}
