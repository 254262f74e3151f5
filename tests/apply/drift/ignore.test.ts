import { onEachTarget } from "../targets.ts";
import { ignoreSuite } from "./ignore-suite.ts";

onEachTarget(ignoreSuite);
