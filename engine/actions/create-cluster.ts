import { API_VERSION, Tags } from "../model/schema-parts.ts";
import type { Connection } from "../model/cluster.ts";
import { EngineError } from "../model/errors.ts";
import type { LockEntry } from "../model/lock.ts";
import { writeYaml } from "../yaml/index.ts";
import type { ChangeOptions, ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { clusterFile, lockFile } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import { type Choice, chooseEntry } from "./choose-tree.ts";
import { requireName } from "../repo/require.ts";

export interface NewCluster {
  readonly name: string;
  readonly connection: Connection;
  readonly profiles: readonly Choice[];
  readonly tags: readonly string[];
}

/** Creates a cluster's directory with its lock. Throws `cluster-exists`, `name-invalid`, `tag-invalid` and what {@link chooseEntry} throws. */
export async function createCluster(
  repo: Repository,
  args: NewCluster,
  options: ChangeOptions,
): Promise<ChangeResult> {
  requireName(args.name, "cluster");
  const tags = Tags.safeParse(args.tags);
  if (!tags.success)
    throw new EngineError("tag-invalid", tags.error.issues[0]?.message ?? "a tag is not valid");
  return commitChange(
    repo,
    async (state) => {
      if (state.snapshot.clusters.has(args.name)) {
        throw new EngineError("cluster-exists", `there is a cluster "${args.name}" already`, {
          hint: `look at it with \`strata cluster show ${args.name}\``,
        });
      }
      const entries: Record<string, LockEntry> = {};
      for (const choice of args.profiles) {
        if (entries[choice.profile] !== undefined) {
          throw new EngineError("profile-attached", `profile "${choice.profile}" is named twice`);
        }
        entries[choice.profile] = await chooseEntry(repo.reader, state, args.name, {
          latest: choice.revision === undefined,
          ...choice,
        });
      }
      const profiles = args.profiles.map(({ profile, version }) => ({ name: profile, version }));
      const text = writeYaml({
        apiVersion: API_VERSION,
        kind: "Cluster",
        metadata: { name: args.name, ...(args.tags.length === 0 ? {} : { tags: [...args.tags] }) },
        spec: { connection: { ...args.connection }, profiles },
      });
      const running = profiles.map(({ name, version }) => `${name}@${version}`).join(", ");
      return {
        edits: new Map([
          [clusterFile(args.name), text],
          [lockFile(args.name), formatLock({ profiles: entries })],
        ]),
        subject:
          running === "" ? `Create cluster ${args.name}` : `Create cluster ${args.name} with ${running}`,
        trailers: [
          ["Strata-Cluster", args.name],
          ...profiles.map(({ name, version }): [string, string] => ["Strata-Profile", `${name}@${version}`]),
        ],
        clusters: [args.name],
      };
    },
    options,
  );
}
