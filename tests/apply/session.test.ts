import { sessionSuite } from "./session-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(sessionSuite);
