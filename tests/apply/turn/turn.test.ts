import { turnSuite } from "./turn-suite.ts";
import { onEachTarget } from "../targets.ts";

onEachTarget(turnSuite);
