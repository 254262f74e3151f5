import fc from "fast-check";
import { hostileText } from "./hostile-text.ts";
import { readEverywhere, SHAPES } from "./endless-shapes.ts";
import { MANIFESTS, PROFILES } from "./samples.ts";

// A thread of its own, which ends where its memory does
for (const text of Object.values(SHAPES)) readEverywhere(text);
for (const samples of [MANIFESTS, PROFILES])
  for (const text of fc.sample(hostileText(samples), 300)) readEverywhere(text);
