import { lockFile, versionTagRef } from "../../engine/repo/paths.ts";
import { BASE_FILE, type Content, PROFILE, profileFiles } from "./content.ts";
import type { SoakModel } from "./model.ts";
import type { SoakRepository } from "./soak-repository.ts";

interface Compared {
  /** Of the namespace of the profile's objects. */
  readonly name: string;
  readonly repository: SoakRepository;
  readonly model: SoakModel;
}

/** What main's locks say otherwise than the model. */
export async function lockProblems(compared: Compared): Promise<string[]> {
  const wrong = await Promise.all(compared.model.names.map((cluster) => lockProblemsOf(compared, cluster)));
  return wrong.flat();
}

async function lockProblemsOf({ name, repository, model }: Compared, cluster: string): Promise<string[]> {
  const running = model.running(cluster);
  const lock = await repository.show(`main:${lockFile(cluster)}`);
  const entry = /version: "?([^,\s"]+)"?.*?tree: ([0-9a-f]+)/.exec(lock);
  const version = entry?.[1];
  if (version !== running.version)
    return [`${cluster} has ${version ?? "nothing"} locked, not ${running.version ?? "nothing"}`];
  if (entry === null || running.version === undefined) return [];
  const text = await repository.show(`${entry[2]}:base/objects.yaml`);
  return text === baseText(name, running.version, running.content)
    ? []
    : [`${cluster} has locked ${lock}\nwhich is\n${text}`];
}

/** Which versions' tags stand for something else than in the model. */
export async function tagProblems({ name, repository, model }: Compared): Promise<string[]> {
  const wrong: string[] = [];
  for (const [version, { current }] of model.versions) {
    const text = await repository.show(`${versionTagRef(PROFILE, version)}^{commit}:${BASE_FILE}`);
    if (text !== baseText(name, version, current)) wrong.push(`the tag of ${version} stands for\n${text}`);
  }
  return wrong;
}

/** As Git shows it: without the line end. */
function baseText(name: string, version: string, content: Content): string {
  return (profileFiles(name, version, content)[BASE_FILE] ?? "").trim();
}
