import { faultsSuite } from "./faults-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(faultsSuite);
