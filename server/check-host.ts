import type { RequestHandler } from "express";
import { EngineError } from "../engine/model/errors.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * On a loopback address, lets only requests through that were sent to one: a web page whose host name was pointed at
 * 127.0.0.1 (DNS rebinding) still sends that name.
 */
export function checkHost(listensOnLoopback: boolean): RequestHandler {
  return (request, _response, next) => {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    if (!listensOnLoopback || LOOPBACK.has(host)) next();
    else next(new EngineError("host-refused", "this engine answers on loopback addresses only"));
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
