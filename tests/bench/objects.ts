import type { KubeObject } from "../../engine/model/kube-object.ts";

/** Half ConfigMaps, half Deployments of no replicas, in one namespace that comes first. */
export function mixedObjects(namespace: string, count: number): KubeObject[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return [
    namespaceObject(namespace),
    ...numbers.map((n) =>
      n % 2 === 0 ? configMap(namespace, `c-${n}`, { value: `v${n}` }) : deployment(namespace, `d-${n}`),
    ),
  ];
}

/** An application: ServiceAccount, Service, Deployment of no replicas, Ingress. */
export function unitObjects(namespace: string, name: string, image: string): KubeObject[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, annotations: { image } } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace, annotations: { image } },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    deployment(namespace, name, image),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, namespace, annotations: { image } },
      spec: { defaultBackend: { service: { name, port: { number: 80 } } } },
    },
  ];
}

export function namespaceObject(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

export function configMap(
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

function deployment(namespace: string, name: string, image = "registry.example/web:1"): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
    },
  };
}

/** Objects as the files of a layer have them. */
export function manifestText(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object, null, 2)}\n`).join("");
}
