import { onEachTarget } from "../targets.ts";
import { diffSuite } from "./diff-suite.ts";

onEachTarget(diffSuite);
