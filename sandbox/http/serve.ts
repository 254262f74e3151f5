import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { JsonObject } from "../../engine/model/kube-object.ts";
import type { Objects } from "../api/objects.ts";
import type { Registry } from "../api/registry.ts";
import { badRequest, StatusError } from "../api/status-error.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { aggregated, plain } from "./discovery.ts";
import { json } from "./call.ts";
import { handleResource } from "./handle-resource.ts";
import { openApiDocument, openApiIndex } from "./openapi.ts";
import { decodeProtobuf } from "./protobuf/decode.ts";
import { parsePath } from "./request-info.ts";

export interface ServeOptions {
  readonly objects: Objects;
  readonly registry: Registry;
  readonly token: string;
  readonly now: () => Date;
}

const MAX_BODY = 3 * 1024 * 1024;
const VERSION = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.0+strata.sandbox",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "sandbox",
};

/** An HTTP server that speaks the Kubernetes API for one sandbox. */
export function createApiServer(options: ServeOptions): Server {
  return createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => refuse(response, error));
  });
}

async function answer(
  options: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(`http://sandbox${request.url ?? "/"}`);
  if (url === null) throw badRequest("the URL of the request cannot be read");
  const { path, token } = splitToken(url.pathname.replace(/(?<=.)\/$/, ""));
  if (["/healthz", "/readyz", "/livez"].includes(path)) {
    response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    return;
  }
  if (!isAllowed(token ?? request.headers.authorization, options.token))
    throw new StatusError(401, "Unauthorized", "Unauthorized");
  const sent = await readBody(request);
  const isProtobuf = (request.headers["content-type"] ?? "").includes("application/vnd.kubernetes.protobuf");
  const body = isProtobuf && sent.length > 0 ? Buffer.from(JSON.stringify(decodeProtobuf(sent))) : sent;
  const general = answerGeneral(options, request, path, body);
  if (general !== undefined) {
    sendCached(request, response, general);
    return;
  }
  const info = parsePath(path);
  const definition =
    info === undefined ? undefined : options.registry.find(info.group, info.version, info.plural);
  if (info === undefined || definition === undefined || !isServed(definition, info.subresource)) {
    throw new StatusError(404, "NotFound", "the server could not find the requested resource");
  }
  const { objects, now } = options;
  handleResource({ request, response, query: url.searchParams, info, definition, objects, body, now });
}

function isServed(definition: ResourceDefinition, subresource: string): boolean {
  if (subresource === "") return true;
  return (
    definition.subresources.includes(subresource) ||
    (definition.kind === "Namespace" && subresource === "finalize")
  );
}

/** Discovery, OpenAPI, version and reviews; undefined for requests about objects. */
function answerGeneral(
  options: ServeOptions,
  request: IncomingMessage,
  path: string,
  body: Buffer,
): JsonObject | undefined {
  const { registry } = options;
  if (path === "/version") return VERSION;
  if (
    (path === "/api" || path === "/apis") &&
    (request.headers.accept ?? "").includes("g=apidiscovery.k8s.io")
  ) {
    return aggregated(registry, path === "/api");
  }
  if (path === "/openapi/v3") return openApiIndex(registry);
  if (path.startsWith("/openapi/v3/")) return openApiDocument(registry, path.slice("/openapi/v3/".length));
  if (path.startsWith("/apis/authorization.k8s.io/v1/") || path.startsWith("/apis/authentication.k8s.io/v1/"))
    return review(body);
  return request.method === "GET" && path.split("/").length <= 4
    ? plain(registry, path, request.headers.host ?? "")
    : undefined;
}

/** Whoever has the token may do everything: it is one user's own sandbox. */
function review(body: Buffer): JsonObject {
  const asked = JSON.parse(body.toString("utf8")) as JsonObject;
  return {
    ...asked,
    status: { allowed: true, userInfo: { username: "sandbox-admin", groups: ["system:masters"] } },
  };
}

function sendCached(request: IncomingMessage, response: ServerResponse, body: JsonObject): void {
  const etag = `"${createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 32).toUpperCase()}"`;
  response.setHeader("etag", etag);
  if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
  else {
    const v2 = body.kind === "APIGroupDiscoveryList";
    if (!v2) return json(response, request.method === "POST" ? 201 : 200, body);
    const text = JSON.stringify(body);
    response
      .writeHead(200, {
        "content-type": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
      })
      .end(text);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY)
      throw new StatusError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${MAX_BODY}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * kubectl sends no token over plain HTTP, but keeps the path of its server's URL: `/token/<token>/…` lets it in.
 */
function splitToken(pathname: string): { readonly path: string; readonly token: string | undefined } {
  const [, token, rest] = /^\/token\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  return token === undefined
    ? { path: pathname, token: undefined }
    : { path: rest ?? "/", token: `Bearer ${token}` };
}

function isAllowed(header: string | undefined, token: string): boolean {
  const [given, wanted] = [header ?? "", `Bearer ${token}`].map((text) =>
    createHash("sha256").update(text).digest(),
  );
  return given !== undefined && wanted !== undefined && timingSafeEqual(given, wanted);
}

function refuse(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof StatusError
      ? error
      : error instanceof SyntaxError || error instanceof URIError
        ? new StatusError(400, "BadRequest", error.message)
        : new StatusError(500, "InternalError", error instanceof Error ? error.message : String(error));
  if (response.headersSent) response.end();
  else json(response, known.code, known.body());
}
