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

/** A ConfigMap that tells which content runs. */
export function configMapText(name: string, value: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: default
data:
  value: "${value}"
`;
}

/** A namespace with a Deployment in it. */
export function webText(namespace: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: ${namespace}
spec:
  replicas: 1
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - { name: web, image: ghcr.io/spectrocloud/hello-universe:1.0.0 }
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
