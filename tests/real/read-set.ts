import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { TargetCluster } from "../support/cluster-targets.ts";
import type { ModuleRelease, SetRelease } from "./sets.ts";

const exec = promisify(execFile);
const DOWNLOADED_WITHIN = 5 * 60_000;
const Download = z.object({ Dir: z.string(), Sum: z.string() });
/** `${NAME:=value}`, as clusterctl has it. */
const VARIABLE = /\$\{[A-Z_]+:=([^}]*)\}/g;

/** The manifests of a release as one text. A module that cannot be downloaded, or is not the pinned one, is an error. */
export async function readSet({ release, source }: SetRelease, cluster: TargetCluster): Promise<string> {
  const folder = await moduleFolder(release);
  if (source.files !== undefined) {
    const texts = await Promise.all(source.files.map((path) => readPath(join(folder, path))));
    return texts.flat().join("\n---\n");
  }
  const { stdout, stderr, code } = await cluster.kubectl(["kustomize", join(folder, source.kustomize)]);
  if (code !== 0) throw new Error(`kustomize of ${release.module}: ${stderr}`);
  return stdout.replaceAll(VARIABLE, "$1");
}

/** Go keeps what it has downloaded, and has verified it against its checksum database. */
async function moduleFolder({ module, version, sum }: ModuleRelease): Promise<string> {
  const args = ["mod", "download", "-json", `${module}@${version}`];
  const env = { ...process.env, GOWORK: "off" };
  const { stdout } = await exec("go", args, { cwd: tmpdir(), env, timeout: DOWNLOADED_WITHIN });
  const download = Download.parse(JSON.parse(stdout));
  if (download.Sum !== sum) throw new Error(`${module}@${version} is ${download.Sum}, not ${sum}`);
  return download.Dir;
}

async function readPath(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [await readFile(path, "utf8")];
  const names = (await readdir(path)).filter((name) => name.endsWith(".yaml")).toSorted();
  return Promise.all(names.map((name) => readFile(join(path, name), "utf8")));
}
