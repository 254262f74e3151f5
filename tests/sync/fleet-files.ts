export const PROFILE_FILE = "profiles/app/profile.yaml";
export const LAYER_FILE = "profiles/app/base/objects.yaml";

export function profileText(version: string, ...layers: readonly string[]): string {
  const list = ["base", ...layers].map((name) => `    - { name: ${name}, type: manifest }\n`);
  return `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata:
  name: app
spec:
  version: ${version}
  type: add-on
  layers:
${list.join("")}`;
}

/** A namespace, and in it a ConfigMap that tells which content runs. */
export function layerText(namespace: string, value: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
---
${configMapText(namespace, "settings", value)}`;
}

export function configMapText(namespace: string, name: string, value: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  value: "${value}"
`;
}

export function clusterText(name: string, context: string, version: string | undefined): string {
  const profiles = version === undefined ? " []" : `\n    - { name: app, version: ${version} }`;
  return `apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata:
  name: ${name}
spec:
  connection: { context: ${context} }
  profiles:${profiles}
`;
}
