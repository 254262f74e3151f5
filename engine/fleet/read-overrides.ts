import type { Problem } from "../model/errors.ts";
import type { LayerOverride } from "../render/override-layer.ts";
import type { Git } from "../repo/git/types.ts";
import { overridesDir } from "../repo/paths.ts";
import { readFile } from "../repo/read-file.ts";
import { readPatches } from "../yaml/index.ts";

/** What one cluster overrides in one profile, by layer. */
export interface ProfileOverrides {
  readonly layers: ReadonlyMap<string, LayerOverride>;
  readonly problems: readonly Problem[];
}

export const NO_OVERRIDES: ProfileOverrides = { layers: new Map(), problems: [] };

/** Reads the directory of a cluster's overrides of one profile by its tree id. */
export async function readOverrides(
  git: Git,
  { cluster, profile, tree }: { readonly cluster: string; readonly profile: string; readonly tree: string },
): Promise<ProfileOverrides> {
  const layers = new Map<string, LayerOverride>();
  const problems: Problem[] = [];
  for (const entry of await git.readTree(tree)) {
    const file = `${overridesDir(cluster, profile)}/${entry.path}`;
    const layer = /^(.+)\.yaml$/.exec(entry.path)?.[1];
    if (entry.type !== "blob" || !entry.mode.startsWith("100") || layer === undefined) {
      problems.push(misplaced(file));
      continue;
    }
    const data = await readFile(git, entry, file);
    if (!Buffer.isBuffer(data)) {
      problems.push(data);
      continue;
    }
    const { documents, problems: found } = readPatches(data, { file });
    problems.push(...found);
    layers.set(layer, { file, text: data.toString("utf8"), documents });
  }
  return { layers, problems };
}

function misplaced(file: string): Problem {
  return {
    code: "override-misplaced",
    message: "an override stands in a file overrides/<profile>/<layer>.yaml",
    file,
    hint: "move it there, or remove it",
    severity: "error",
  };
}
