import { join } from "node:path";
import { build } from "vite";

/** A program as one JavaScript file, as a package carries it: Node's reading of TypeScript takes memory of its own. */
export async function bundle(entry: string, outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "warn",
    root: join(import.meta.dirname, "../.."),
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir,
      target: "node24",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "program.js" } },
    },
  });
  return join(outDir, "program.js");
}
