import { onTestFinished } from "vitest";
import { ensureBinaries } from "../support/control-plane/binaries.ts";
import { type ControlPlane, startControlPlane } from "../support/control-plane/start.ts";

/** Servers that nothing else needs again: what fills them goes with them when the test is finished. */
export async function startOwnServers(clusters: number): Promise<ControlPlane> {
  const signal = AbortSignal.timeout(300_000);
  const say = (): void => undefined;
  const binaries = await ensureBinaries({ environment: process.env, say, signal });
  const plane = await startControlPlane({ clusters, binaries, say, signal });
  onTestFinished(() => plane.stop());
  return plane;
}
