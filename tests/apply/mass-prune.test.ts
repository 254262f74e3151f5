import { massPruneSuite } from "./mass-prune-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(massPruneSuite);
