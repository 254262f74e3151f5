import { onEachTarget } from "../targets.ts";
import { adoptionSuite } from "./adoption-suite.ts";

onEachTarget(adoptionSuite);
