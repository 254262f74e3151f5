import { onEachTarget } from "../targets.ts";
import { storeSuite } from "./store-suite.ts";

onEachTarget(storeSuite);
