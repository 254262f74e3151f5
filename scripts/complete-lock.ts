import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/**
 * Completes package-lock.json with the optional packages of other platforms. A registry that mirrors one platform only
 * leaves them out of the file, and `npm ci` refuses a file that lacks them. Run it after `npm install`.
 */
const Package = z.looseObject({
  version: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const Lock = z.looseObject({ packages: z.record(z.string(), Package) });

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm64",
  "x64",
  "arm",
  "ia32",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

const file = join(import.meta.dirname, "../package-lock.json");
const lock = Lock.parse(JSON.parse(await readFile(file, "utf8")));
const added: string[] = [];
for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    if (lock.packages[path] !== undefined || !/^\d/.test(version)) continue;
    lock.packages[path] = { version, optional: true, ...platformOf(name) };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(file, `${JSON.stringify(lock, undefined, 2)}\n`);
process.stdout.write(`${added.length} packages added\n`);

/** The platform that the name of a package tells: `@biomejs/cli-linux-arm64-musl`. */
function platformOf(name: string): Record<string, string[]> {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.includes("musl")
    ? ["musl"]
    : words.includes("gnu") && os.includes("linux")
      ? ["glibc"]
      : [];
  return Object.fromEntries(Object.entries({ os, cpu, libc }).filter(([, values]) => values.length > 0));
}
