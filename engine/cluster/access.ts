import { createHash } from "node:crypto";

/** What TLS needs to know of a server and of us. */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  /** False: any certificate will do. */
  readonly rejectUnauthorized?: boolean;
}

/** How to reach one API server at this moment. */
export interface Access {
  /** Without a trailing slash; it may have a path, which comes before those of the API. */
  readonly server: string;
  readonly tls: TlsMaterial;
  /** Credentials. Never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** URL of an HTTP or SOCKS5 proxy. */
  readonly proxy?: string;
}

/** Where access comes from: credentials expire and files change. */
export interface AccessSource {
  current(signal: AbortSignal): Promise<Access>;
  /** The server refused what `current` gave (401): the next call reads everything anew. */
  refused(): void;
}

/** One API server, given by its address and at most one kind of credentials. */
export interface ServerAddress {
  readonly server: string;
  readonly token?: string;
  /** PEM. */
  readonly ca?: string | Buffer;
  /** PEM, with `key`. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Takes any certificate. */
  readonly insecure?: boolean;
}

/** Access that never changes. */
export function fixedAccess(address: ServerAddress): AccessSource {
  const { ca, cert, key } = address;
  const access: Access = {
    server: address.server.replace(/\/+$/, ""),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(address.insecure === true ? { rejectUnauthorized: false } : {}),
    },
    headers: address.token === undefined ? {} : { authorization: `Bearer ${address.token}` },
  };
  return { current: () => Promise.resolve(access), refused: () => {} };
}

/** Equal where two accesses can share their connections. */
export function connectionKey(access: Access): string {
  const { ca, cert, key, servername, rejectUnauthorized } = access.tls;
  const hash = createHash("sha256");
  for (const part of [ca, cert, key]) hash.update(part ?? "").update("\0");
  return JSON.stringify([access.server, access.proxy, servername, rejectUnauthorized, hash.digest("base64")]);
}
