import { expect, it } from "vitest";
import { selectorText } from "../../../engine/apply/live/label-selector.ts";
import type { Json } from "../../../engine/model/kube-object.ts";

it.each<[Json, string | undefined]>([
  [{ matchLabels: { app: "web", tier: "front" } }, "app=web,tier=front"],
  [
    {
      matchLabels: { app: "web" },
      matchExpressions: [
        { key: "tier", operator: "In", values: ["a", "b"] },
        { key: "zone", operator: "NotIn", values: ["c"] },
        { key: "live", operator: "Exists" },
        { key: "dead", operator: "DoesNotExist" },
      ],
    },
    "app=web,tier in (a,b),zone notin (c),live,!dead",
  ],
  [{}, undefined],
  [null, undefined],
  [{ matchLabels: { app: 1 } }, undefined],
  [{ matchExpressions: [{ key: "tier", operator: "Near", values: ["a"] }] }, undefined],
])("%j selects %s", (selector, text) => {
  expect(selectorText(selector)).toBe(text);
});
