import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apiServer } from "./api-server.ts";
import type { ClusterOptions } from "./cluster.ts";
import { freePort } from "./ports.ts";
import { type Server, startServer, waitFor } from "./servers.ts";

/** A kube-apiserver that can be ended and started again. */
export interface ApiProcess {
  readonly url: string;
  /** The certificate that it made for itself, PEM. */
  readonly ca: string;
  stop(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

/** Writes the key of service accounts and the administrator's token, for {@link startApiProcess}. */
export async function writeCredentials(folder: string, token: string): Promise<void> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  await writeFile(join(folder, "service-accounts.key"), privateKey, { mode: 0o600 });
  await writeFile(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
}

/** Starts kube-apiserver on a free port and waits until it says that it is ready. */
export async function startApiProcess(options: ClusterOptions, token: string): Promise<ApiProcess> {
  const { folder, guard, binaries } = options;
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const certificate = join(folder, "certs", "apiserver.crt");
  const name = "kube-apiserver";
  const start = async (signal: AbortSignal): Promise<Server> => {
    const server = startServer({ name, program: binaries[name], args: argsOf(options, port), folder, guard });
    try {
      await waitFor(server, () => isReady(url, token, certificate, signal), signal);
    } catch (error) {
      await server.stop("SIGKILL");
      throw error;
    }
    return server;
  };
  let server = await start(options.signal);
  return {
    url,
    ca: await readFile(certificate, "utf8"),
    stop: (signal) => server.stop(signal),
    start: async () => {
      await server.stop("SIGTERM");
      server = await start(AbortSignal.timeout(120_000));
    },
  };
}

async function isReady(
  server: string,
  token: string,
  certificate: string,
  signal: AbortSignal,
): Promise<boolean> {
  const api = apiServer({ server, token, ca: await readFile(certificate, "utf8") });
  try {
    return (await api.get("/readyz", signal)) === "ok";
  } finally {
    await api.close();
  }
}

function argsOf({ name, etcd, folder }: ClusterOptions, port: number): string[] {
  const key = join(folder, "service-accounts.key");
  return [
    `--etcd-servers=${etcd}`,
    `--etcd-prefix=/${name}`,
    `--secure-port=${port}`,
    "--bind-address=127.0.0.1",
    `--cert-dir=${join(folder, "certs")}`,
    "--service-account-issuer=https://strata.test",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--disable-admission-plugins=ServiceAccount",
    "--v=1",
  ];
}
