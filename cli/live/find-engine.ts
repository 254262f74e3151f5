import type { Repository } from "../../engine/repo/repository.ts";
import { readEngineFile } from "../../server/engine-file.ts";
import { stateFolder } from "../folders.ts";
import type { CliIo } from "../io.ts";
import { repositoryIdentities } from "../open-repository.ts";
import { engineOverHttp } from "./engine-over-http.ts";
import type { Live } from "./types.ts";

/** The running engine that serves this repository or the remote it is a clone of. */
export async function findEngine(
  io: CliIo,
  repository: Repository,
  location: string,
): Promise<Live | undefined> {
  for (const identity of await repositoryIdentities(io, repository, location)) {
    const record = await readEngineFile(stateFolder(io), identity);
    if (record !== undefined) return engineOverHttp(record);
  }
  return undefined;
}
