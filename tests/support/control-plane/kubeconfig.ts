interface Access {
  readonly name: string;
  readonly server: string;
  readonly token: string;
  readonly ca: string;
}

/** A kubeconfig with one context a cluster; JSON is YAML too. */
export function clusterKubeconfig(clusters: readonly Access[]): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: clusters.map(({ name, server, ca }) => ({
      name,
      cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
    })),
    users: clusters.map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    "current-context": clusters[0]?.name ?? "",
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
