import { glob, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** Which folders a folder may import beside itself: the direction of imports. A new folder needs a line here first. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "engine/model": [],
  "engine/yaml": ["engine/model"],
  "engine/merge": ["engine/yaml", "engine/model"],
  "engine/repo": ["engine/yaml", "engine/model"],
  "engine/render": ["engine/merge", "engine/yaml", "engine/model"],
  "engine/health": ["engine/model"],
  "engine/cluster": ["engine/model"],
  "engine/plan": ["engine/merge", "engine/yaml", "engine/model"],
  "engine/fleet": [
    "engine/plan",
    "engine/repo",
    "engine/render",
    "engine/merge",
    "engine/yaml",
    "engine/model",
  ],
  "engine/actions": [
    "engine/fleet",
    "engine/plan",
    "engine/repo",
    "engine/render",
    "engine/merge",
    "engine/yaml",
    "engine/model",
  ],
  "engine/apply": [
    "engine/render",
    "engine/health",
    "engine/cluster",
    "engine/repo",
    "engine/merge",
    "engine/model",
  ],
  "engine/sync": [
    "engine/apply",
    "engine/actions",
    "engine/fleet",
    "engine/plan",
    "engine/cluster",
    "engine/repo",
    "engine/yaml",
    "engine/model",
  ],
  api: ["engine"],
  server: ["api", "engine"],
  sandbox: ["engine/merge", "engine/model"],
  cli: ["server", "sandbox", "api", "engine"],
  scripts: ["cli", "server", "sandbox", "api", "engine", "tests"],
  tests: ["cli", "server", "sandbox", "api", "engine", "scripts"],
};

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

const root = join(import.meta.dirname, "..");
const problems: string[] = [];
for await (const path of glob("{engine,api,server,sandbox,cli,scripts,tests}/**/*.ts", { cwd: root })) {
  const from = folderOf(path);
  if (from === undefined) {
    problems.push(`${path}: its folder has no line in scripts/lint-imports.ts`);
    continue;
  }
  const text = await readFile(join(root, path), "utf8");
  for (const [, target] of text.matchAll(IMPORT)) {
    const to = relative(root, join(root, dirname(path), target ?? ""));
    if (!isAllowed(from, to)) problems.push(`${path}: ${from} must not import ${to}`);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function folderOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((folder) => path.startsWith(`${folder}/`));
}

function isAllowed(from: string, to: string): boolean {
  const allowed = [from, ...(MAY_IMPORT[from] ?? [])];
  return allowed.some((folder) => to.startsWith(`${folder}/`)) || to.startsWith("package.json");
}
