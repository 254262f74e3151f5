import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import type { NewEvent } from "../../engine/sync/event-log.ts";
import { passRepository } from "../../engine/sync/repository-pass.ts";
import { signal } from "../support/temp-git.ts";
import type { AppFleet } from "./app-fleet.ts";

/** One pass of an engine over the repository; returns what it told. */
export async function pass({ repo }: AppFleet): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  const { conditions } = await passRepository(
    repo,
    createRenderer(repo.reader),
    (event) => events.push(event),
    signal(),
  );
  if (conditions.length > 0) throw new Error(JSON.stringify(conditions));
  return events;
}
