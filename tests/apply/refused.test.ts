import { refusedSuite } from "./refused-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(refusedSuite);
