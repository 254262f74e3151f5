import { storySuite } from "./story-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(2, storySuite);
