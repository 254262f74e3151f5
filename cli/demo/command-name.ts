import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * How the user who runs this program types it in another terminal: by its name where their PATH has it, else as the
 * package manager of the clone or of the folder that holds it does.
 *
 * @param program path of the program that runs now: a `.ts` file in a clone
 * @param path the environment's PATH; folders that a package manager put there for one run do not count
 */
export function commandName(program: string, path = ""): string {
  const folders = path.split(delimiter).filter((folder) => !/[\\/]node_modules[\\/]\.bin$/.test(folder));
  if (folders.some((folder) => folder !== "" && existsSync(join(folder, "strata")))) return "strata";
  return program.endsWith(".ts") ? "npm run strata --" : "npx strata";
}
