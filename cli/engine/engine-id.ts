import { hostname } from "node:os";
import { claimEngineId } from "../../server/engine-id.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { stateFolder } from "../folders.ts";
import type { CliIo } from "../io.ts";
import { repositoryIdentities } from "../open-repository.ts";

/** The id of the engine in this process, by which engines of one repository take turns at its clusters. */
export async function engineId(io: CliIo, repository: Repository, location: string): Promise<string> {
  const [own = location] = await repositoryIdentities(io, repository, location);
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, "")
    .slice(0, 40);
  return claimEngineId(stateFolder(io), own, host);
}
