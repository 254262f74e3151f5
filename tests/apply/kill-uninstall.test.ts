import { killUninstallSuite } from "./kill-uninstall-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget(killUninstallSuite);
