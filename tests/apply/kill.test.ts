import { killSuite } from "./kill-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(killSuite);
