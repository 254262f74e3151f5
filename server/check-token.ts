import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { EngineError } from "../engine/model/errors.ts";

/** Lets only requests through that carry `Authorization: Bearer <token>`. */
export function checkToken(token: string): RequestHandler {
  const expected = digest(token);
  return (request, _response, next) => {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    // Digests are of one length, which timingSafeEqual asks for.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) next();
    else {
      const hint = "send the token that `strata serve` wrote: Authorization: Bearer <token>";
      next(new EngineError("unauthorized", "this engine asks for its token", { hint }));
    }
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
