import { onEachTarget } from "../targets.ts";
import { driftSuite } from "./drift-suite.ts";

onEachTarget(driftSuite);
