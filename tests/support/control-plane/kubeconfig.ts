import { readFile } from "node:fs/promises";
import { z } from "zod";

/** How to reach one cluster of the tests. */
export interface Access {
  /** Name of the cluster and of its context: `dev-1`. */
  readonly name: string;
  /** `https://127.0.0.1:<port>`, or a URL of plain HTTP. */
  readonly server: string;
  /** Of an administrator. */
  readonly token: string;
  /** PEM; undefined for plain HTTP. */
  readonly ca: string | undefined;
}

/** A kubeconfig with one context a cluster; JSON is YAML too. */
export function clusterKubeconfig(clusters: readonly Access[]): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: clusters.map(({ name, server, ca }) => ({
      name,
      cluster: { server, ...(ca === undefined ? {} : { [CA]: Buffer.from(ca).toString("base64") }) },
    })),
    users: clusters.map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    "current-context": clusters[0]?.name ?? "",
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

const CA = "certificate-authority-data";
const Kubeconfig = z.object({
  clusters: z.array(
    z.object({
      name: z.string(),
      // Tests delete what they find: no cluster but one of this machine may ever be given to them
      cluster: z.object({ server: z.string().regex(/^https:\/\/127\.0\.0\.1:\d+$/), [CA]: z.base64() }),
    }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
});

/** Reads a kubeconfig that {@link clusterKubeconfig} wrote for API servers of this machine; refuses any other. */
export async function readAccess(path: string): Promise<Access[]> {
  const { clusters, users } = Kubeconfig.parse(JSON.parse(await readFile(path, "utf8")));
  return clusters.map(({ name, cluster }) => ({
    name,
    server: cluster.server,
    token: users.find((user) => user.name === name)?.user.token ?? "",
    ca: Buffer.from(cluster[CA], "base64").toString("utf8"),
  }));
}
