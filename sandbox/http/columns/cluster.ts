import type { Json, KubeObject } from "../../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, textAt } from "../../store/parts.ts";
import { AGE, type Column, count, CREATED_AT, NAME, since, text, wide } from "./cells.ts";

const BINDING: readonly Column[] = [
  NAME,
  {
    name: "Role",
    value: (object) => `${textAt(object, "roleRef", "kind")}/${textAt(object, "roleRef", "name")}`,
  },
  AGE,
  subjects("Users", "User"),
  subjects("Groups", "Group"),
  subjects("ServiceAccounts", "ServiceAccount"),
];
const WEBHOOKS: readonly Column[] = [
  NAME,
  { name: "Webhooks", value: (object) => listAt(object, "webhooks").length },
  AGE,
];
const CREATED: readonly Column[] = [NAME, CREATED_AT];

/** The columns of what configures a cluster and of what it stores, after Kubernetes' `printers.go`. */
export const CLUSTER_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Namespace: [NAME, text("Status", "status", "phase"), AGE],
  Node: [
    NAME,
    { name: "Status", value: nodeStatus },
    text("Roles"),
    AGE,
    text("Version", "status", "nodeInfo", "kubeletVersion"),
    nodeAddress("Internal-IP", "InternalIP"),
    nodeAddress("External-IP", "ExternalIP"),
    wide(text("OS-Image", "status", "nodeInfo", "osImage")),
    wide(text("Kernel-Version", "status", "nodeInfo", "kernelVersion")),
    wide(text("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion")),
  ],
  Event: [
    since("Last Seen", "lastTimestamp"),
    text("Type", "type"),
    text("Reason", "reason"),
    { name: "Object", value: eventObject },
    wide(text("Subobject", "involvedObject", "fieldPath")),
    wide(text("Source", "source", "component")),
    text("Message", "message"),
    wide(since("First Seen", "firstTimestamp")),
    wide(count("Count", "count")),
    wide(NAME),
  ],
  ConfigMap: [
    NAME,
    { name: "Data", value: (object) => entries(object, "data") + entries(object, "binaryData") },
    AGE,
  ],
  Secret: [NAME, text("Type", "type"), { name: "Data", value: (object) => entries(object, "data") }, AGE],
  PersistentVolume: [
    NAME,
    text("Capacity", "spec", "capacity", "storage"),
    { name: "Access Modes", value: (object) => accessModes(object, "spec") },
    text("Reclaim Policy", "spec", "persistentVolumeReclaimPolicy"),
    text("Status", "status", "phase"),
    { name: "Claim", value: boundClaim },
    plain("StorageClass", "spec", "storageClassName"),
    attributesClass(),
    plain("Reason", "status", "reason"),
    AGE,
    wide(text("VolumeMode", "spec", "volumeMode")),
  ],
  PersistentVolumeClaim: [
    NAME,
    text("Status", "status", "phase"),
    plain("Volume", "spec", "volumeName"),
    plain("Capacity", "status", "capacity", "storage"),
    { name: "Access Modes", value: (object) => accessModes(object, "status") },
    plain("StorageClass", "spec", "storageClassName"),
    attributesClass(),
    AGE,
    wide(text("VolumeMode", "spec", "volumeMode")),
  ],
  StorageClass: [
    NAME,
    text("Provisioner", "provisioner"),
    { name: "ReclaimPolicy", value: (object) => textAt(object, "reclaimPolicy") || "Delete" },
    { name: "VolumeBindingMode", value: (object) => textAt(object, "volumeBindingMode") || "Immediate" },
    flag("AllowVolumeExpansion", "allowVolumeExpansion"),
    AGE,
  ],
  PriorityClass: [
    NAME,
    count("Value", "value"),
    flag("Global-Default", "globalDefault"),
    AGE,
    {
      name: "PreemptionPolicy",
      wide: true,
      value: (object) => textAt(object, "preemptionPolicy") || "PreemptLowerPriority",
    },
  ],
  Lease: [NAME, plain("Holder", "spec", "holderIdentity"), AGE],
  ResourceQuota: [
    NAME,
    quota("Request", (key) => !key.startsWith("limits.")),
    quota("Limit", (key) => key.startsWith("limits.")),
    AGE,
  ],
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
  Role: CREATED,
  ClusterRole: CREATED,
  LimitRange: CREATED,
  CustomResourceDefinition: CREATED,
  MutatingWebhookConfiguration: WEBHOOKS,
  ValidatingWebhookConfiguration: WEBHOOKS,
  APIService: [NAME, { name: "Service", value: apiService }, { name: "Available", value: available }, AGE],
};

/** As {@link text}, empty where there is nothing. */
function plain(name: string, ...path: readonly string[]): Column {
  return { name, value: (object) => textAt(object, ...path) };
}

/** `pods: 4/10, …` of the resources that a rule picks. */
function quota(name: string, picks: (resource: string) => boolean): Column {
  const value = (object: KubeObject): Json => {
    const hard = Object.keys(mapAt(object, "spec", "hard"))
      .filter(picks)
      .sort();
    const shown = (key: string) =>
      `${key}: ${textAt(object, "status", "used", key) || "0"}/${textAt(object, "spec", "hard", key)}`;
    return hard.map(shown).join(", ");
  };
  return { name, value };
}

function flag(name: string, field: string): Column {
  return { name, value: (object) => object[field] === true };
}

function attributesClass(): Column {
  return {
    name: "VolumeAttributesClass",
    value: (object) => textAt(object, "spec", "volumeAttributesClassName") || "<unset>",
  };
}

function entries(object: KubeObject, field: string): number {
  return Object.keys(mapAt(object, field)).length;
}

function subjects(name: string, kind: string): Column {
  const value = (object: KubeObject): Json =>
    mapsAt(object, "subjects")
      .filter((one) => one.kind === kind)
      .map((one) =>
        kind === "ServiceAccount"
          ? `${textAt(one, "namespace")}/${textAt(one, "name")}`
          : textAt(one, "name"),
      )
      .join(", ");
  return { name, wide: true, value };
}

function nodeStatus(node: KubeObject): Json {
  const ready = mapsAt(node, "status", "conditions").find((one) => one.type === "Ready");
  const text = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return mapAt(node, "spec").unschedulable === true ? `${text},SchedulingDisabled` : text;
}

function nodeAddress(name: string, type: string): Column {
  const value = (node: KubeObject): Json => {
    const found = mapsAt(node, "status", "addresses").find((one) => one.type === type);
    return textAt(found, "address") || "<none>";
  };
  return { name, wide: true, value };
}

function eventObject(event: KubeObject): Json {
  const about = mapAt(event, "involvedObject");
  return `${textAt(about, "kind").toLowerCase()}/${textAt(about, "name")}`;
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function accessModes(object: KubeObject, half: "spec" | "status"): Json {
  return listAt(object, half, "accessModes")
    .map((mode) => (typeof mode === "string" ? MODES[mode] : "") ?? "")
    .join(",");
}

function boundClaim(volume: KubeObject): Json {
  const claim = mapAt(volume, "spec", "claimRef");
  return claim.name === undefined ? "" : `${textAt(claim, "namespace")}/${textAt(claim, "name")}`;
}

function apiService(object: KubeObject): Json {
  const service = mapAt(object, "spec", "service");
  return service.name === undefined ? "Local" : `${textAt(service, "namespace")}/${textAt(service, "name")}`;
}

function available(object: KubeObject): Json {
  const found = mapsAt(object, "status", "conditions").find((one) => one.type === "Available");
  if (found === undefined) return "Unknown";
  const reason = textAt(found, "reason");
  return found.status === "True" ? "True" : `${textAt(found, "status")} (${reason})`;
}
