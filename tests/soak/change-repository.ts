import { stringify } from "yaml";
import {
  attachProfile,
  confirmUpdates,
  createVersion,
  detachProfile,
  editLayer,
  overrideCluster,
  rollbackCluster,
  useVersion,
} from "../../engine/actions/index.ts";
import { clusterFile, revisionTagRef, versionTagRef } from "../../engine/repo/paths.ts";
import { clusterText } from "../sync/fleet-files.ts";
import { BASE_FILE, baseObjects, changed, type Override, PROFILE, profileFiles, textOf } from "./content.ts";
import type { SoakModel } from "./model.ts";
import type { Operation, OperationKind } from "./operations.ts";
import { pickOne } from "./random.ts";
import type { SoakRepository } from "./soak-repository.ts";

/** What changes the repository needs. */
export interface Changing {
  readonly repository: SoakRepository;
  readonly model: SoakModel;
  /** Of the namespace of the profile's objects. */
  readonly name: string;
  /** The context of a cluster. */
  readonly contextOf: (cluster: string) => string;
}

type Change = (world: Changing, operation: Operation, cluster: string) => Promise<boolean>;

/** Does an operation to the repository and to the model; false where there is nothing to do. */
export async function changeRepository(world: Changing, operation: Operation): Promise<boolean | undefined> {
  const change = CHANGES[operation.kind];
  if (change === undefined) return undefined;
  // As an engine does all the time: what was pushed before is released and locked before anything else happens
  await world.repository.pass();
  return change(world, operation, pickOne(world.model.names, operation.at));
}

const CHANGES: Partial<Record<OperationKind, Change>> = {
  "push-edit": async ({ repository, model, name }, { pick }) => {
    const content = changed(model.version(model.main).edited, model.nextValue(), pick, "all");
    await repository.push(profileFiles(name, model.main, content), `Edit ${model.main}`);
    model.edit(model.main, content);
    return true;
  },
  "push-version": async ({ repository, model, name }, { pick }) => {
    const version = model.nextVersion();
    const content = changed(model.version(model.main).edited, model.nextValue(), pick, "all");
    await repository.push(profileFiles(name, version, content), `Make ${version}`);
    model.declare(version, content);
    return true;
  },
  edit: async ({ repository, model, name }, { pick }) => {
    const version = pickOne([...model.versions.keys()], pick);
    const content = changed(model.version(version).edited, model.nextValue(), pick, "base");
    const layer = { profile: PROFILE, version, layer: "base", content: textOf(baseObjects(name, content)) };
    await repository.act((repo, options) => editLayer(repo, layer, options));
    model.edit(version, content);
    model.branch(version);
    return true;
  },
  version: async ({ repository, model }) => {
    const version = model.nextVersion();
    const { current } = model.version(model.main);
    await repository.act((repo, options) => createVersion(repo, { profile: PROFILE, version }, options));
    model.declare(version, current);
    return true;
  },
  "move-tag": async ({ repository, model }, { pick }) => {
    const version = pickOne([...model.versions.keys()], pick);
    const log = await repository.refs(`refs/tags/revisions/${PROFILE}/${version}/`);
    const revision = revisionTagRef(PROFILE, version, 1 + ((pick >>> 8) % log.size));
    const text = await repository.show(`${revision}^{commit}:${BASE_FILE}`);
    await repository.moveTag(versionTagRef(PROFILE, version), revision);
    model.moveTag(
      version,
      Number(/kind: ConfigMap\nmetadata:\n  name: settings\n[^]*?value: "(\d+)"/.exec(text)?.[1]),
    );
    await repository.pass();
    return true;
  },
  choose: async ({ repository, model }, { pick }, cluster) => {
    if (model.running(cluster).version === undefined) return false;
    const version = pickOne([...model.versions.keys()], pick);
    const latest = (pick >>> 8) % 2 === 0;
    const choice = { cluster, profile: PROFILE, version, latest };
    await repository.act((repo, options) => useVersion(repo, choice, options));
    model.choose(cluster, version, latest);
    return true;
  },
  "push-choose": async ({ repository, model, contextOf }, { pick }, cluster) => {
    const now = model.running(cluster).version;
    const versions = [...model.versions.keys()].filter((version) => version !== now);
    if (now === undefined || versions.length === 0) return false;
    const version = pickOne(versions, pick);
    await repository.push(
      { [clusterFile(cluster)]: clusterText(cluster, contextOf(cluster), version) },
      `Run ${version} on ${cluster}`,
    );
    model.choose(cluster, version, false);
    return true;
  },
  confirm: async ({ repository, model }, { pick }, cluster) => {
    const all = pick % 2 === 0 ? model.names : [cluster];
    const pending = all.filter((name) => model.isPending(name));
    if (pending.length === 0) return false;
    const confirmations = pending.map((name) => ({ cluster: name, plans: [], drop: [], edited: new Map() }));
    await repository.act((repo, options) => confirmUpdates(repo, confirmations, options));
    for (const name of pending) model.confirm(name);
    return true;
  },
  rollback: async ({ repository, model }, _operation, cluster) => {
    if (model.earlier(cluster) === undefined) return false;
    await repository.act((repo, options) => rollbackCluster(repo, { cluster }, options));
    model.rollback(cluster);
    return true;
  },
  override: async (world, { pick }, cluster) => {
    const key = pickOne(["local", "value"], pick);
    const running = world.model.running(cluster);
    if (running.version === undefined) return false;
    return setOverride(world, cluster, { ...running.override, [key]: `${cluster} ${pick}` });
  },
  "drop-override": (world, _operation, cluster) => setOverride(world, cluster, {}),
  detach: async ({ repository, model }, _operation, cluster) => {
    if (model.running(cluster).version === undefined) return false;
    await repository.act((repo, options) => detachProfile(repo, { cluster, profile: PROFILE }, options));
    model.detach(cluster);
    return true;
  },
  attach: async ({ repository, model }, { pick }, cluster) => {
    const detached = model.names.find((name) => model.running(name).version === undefined) ?? cluster;
    if (model.running(detached).version !== undefined) return false;
    const version = pickOne([...model.versions.keys()], pick);
    const choice = { cluster: detached, profile: PROFILE, version };
    await repository.act((repo, options) => attachProfile(repo, choice, options));
    model.choose(detached, version, false);
    return true;
  },
};

/** Edits the settings of one cluster. */
async function setOverride({ repository, model, name }: Changing, cluster: string, override: Override) {
  const running = model.running(cluster);
  if (running.version === undefined) return false;
  if (Object.keys({ ...running.override, ...override }).length === 0) return false;
  const content = baseObjects(name, running.content, override)
    .map((object) => stringify(object))
    .join("---\n");
  const layer = { cluster, profile: PROFILE, layer: "base", content };
  await repository.act((repo, options) => overrideCluster(repo, layer, options));
  model.override(cluster, override);
  return true;
}
