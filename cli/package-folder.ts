import { existsSync } from "node:fs";

/** The folder of Strata's package, as a URL that ends in `/`: one above the sources, two above what is built of them. */
export function packageFolder(): URL {
  const above = new URL("../", import.meta.url);
  return existsSync(new URL("package.json", above)) ? above : new URL("../", above);
}
