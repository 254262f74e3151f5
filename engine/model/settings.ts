import { z } from "zod";
import { API_VERSION, Duration } from "./schema-parts.ts";
import { DEFAULT_LAYER_TIMEOUT } from "./profile.ts";

/** `strata.yaml`: settings of the whole repository. */
export const Settings = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal("Settings"),
  spec: z
    .strictObject({
      layerTimeout: Duration.default(DEFAULT_LAYER_TIMEOUT).describe(
        "For layers that name no timeout of their own",
      ),
      deletion: z
        .strictObject({
          forceAfter: Duration.default("15m").describe("When a deletion that does not end may be forced"),
          removeAfter: Duration.default("24h").describe(
            "When the directory of a cluster that is being deleted goes by itself, whatever is left in the cluster",
          ),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof Settings>;

export const DEFAULT_SETTINGS: Settings = {
  apiVersion: API_VERSION,
  kind: "Settings",
  spec: {
    layerTimeout: DEFAULT_LAYER_TIMEOUT,
    deletion: { forceAfter: "15m", removeAfter: "24h" },
  },
};
