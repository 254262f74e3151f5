import type { RequestOptions } from "node:https";
import type { Cluster, KubeConfig, User } from "@kubernetes/client-node";
import { EngineError } from "../model/errors.ts";
import type { Access, AccessSource, TlsMaterial } from "./access.ts";
import { untilAborted } from "./until-aborted.ts";

/** Credentials are asked for again after this time; the plugin or file behind them knows when they expire. */
const FRESH_MS = 20_000;

/**
 * Access by a kubeconfig context, with client-node's authentication (client certificates, tokens, token files, exec
 * plugins, OIDC). After a 401 the kubeconfig is read again.
 * @param load reads the kubeconfig with its context set
 */
export function kubeconfigAccess(load: () => Promise<KubeConfig>, loaded: KubeConfig): AccessSource {
  let config = Promise.resolve(prepared(loaded));
  let access: Promise<Access> | undefined;
  let askedAt = 0;
  let mustReload = false;

  async function read(): Promise<Access> {
    if (mustReload) {
      mustReload = false;
      config = load().then(prepared);
    }
    return accessOf(await config);
  }

  return {
    current(signal) {
      if (access === undefined || Date.now() - askedAt > FRESH_MS) {
        askedAt = Date.now();
        const asked = read();
        access = asked;
        asked.catch(() => {
          mustReload = true;
          if (access === asked) access = undefined;
        });
      }
      return untilAborted(access, signal);
    },
    refused() {
      mustReload = true;
      access = undefined;
    },
  };
}

/** client-node refuses `http:` servers unless TLS is off, and tells exec plugins nothing of their protocol. */
function prepared(config: KubeConfig): KubeConfig {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith("http:") ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  config.users = config.users.map(withExecInfo);
  return config;
}

function withExecInfo(user: User): User {
  const exec: ExecConfig | undefined = user.exec ?? undefined;
  if (exec === undefined) return user;
  const info = { apiVersion: exec.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  return { ...user, exec: { ...exec, env } };
}

/** `users[].user.exec` of a kubeconfig, which client-node passes on unread. */
interface ExecConfig {
  readonly apiVersion?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

async function accessOf(config: KubeConfig): Promise<Access> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new EngineError("kubeconfig-invalid", "the context names no cluster");
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw credentialsError(cluster, cause);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = String(value).trim();
  }
  if (typeof options.auth === "string") {
    headers.authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  }
  return {
    server: cluster.server.replace(/\/+$/, ""),
    tls: tlsOf(options),
    headers,
    ...(cluster.proxyUrl ? { proxy: cluster.proxyUrl } : {}),
  };
}

/** What went wrong, without a plugin's answer that is no JSON: the error quotes it, and it may be a token. */
function credentialsError(cluster: Cluster, error: unknown): EngineError {
  const said = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
  const why = error instanceof SyntaxError ? "the exec plugin's answer is no JSON" : said.slice(0, 300);
  return new EngineError("cluster-unreachable", `no credentials for ${cluster.server}: ${why}`, {
    hint: "check the user of this context in the kubeconfig, and its exec plugin or token file",
    retryable: true,
  });
}

function tlsOf(options: RequestOptions): TlsMaterial {
  return {
    ...(options.ca === undefined ? {} : { ca: options.ca as Buffer }), // client-node sets a Buffer here
    ...(options.cert === undefined ? {} : { cert: options.cert as string | Buffer }), // or an exec plugin's PEM
    ...(options.key === undefined ? {} : { key: options.key as string | Buffer }),
    ...(options.servername === undefined ? {} : { servername: options.servername }),
    ...(options.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: options.rejectUnauthorized }),
  };
}
