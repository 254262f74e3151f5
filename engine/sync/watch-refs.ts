import { join } from "node:path";
import { watch } from "chokidar";

const SETTLE_MS = 15;

/**
 * Calls `onChange` soon after any ref of a Git directory may have moved. It says *look again*, not what moved.
 * Returns what ends it, once the watching stands.
 */
export async function watchRefs(dir: string, onChange: () => void): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined;
  const places = [join(dir, "refs"), join(dir, "packed-refs"), join(dir, "HEAD")];
  const watcher = watch(places, { ignoreInitial: true, ignored: (path) => path.endsWith(".lock") });
  watcher.on("all", () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, SETTLE_MS);
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once("ready", () => resolve());
    watcher.once("error", reject);
  });
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
