import { deletionSuite } from "./deletion-suite.ts";
import { driftSuite } from "./drift-suite.ts";
import { dryRunSuite } from "./dry-run-suite.ts";
import { pruneSuite } from "./prune-suite.ts";
import { reachSuite } from "./reach-suite.ts";
import { troubleSuite } from "./trouble-suite.ts";
import { versionsSuite } from "./versions-suite.ts";
import { onEachTarget } from "./targets.ts";

onEachTarget((newFleet) => {
  versionsSuite(newFleet);
  reachSuite(newFleet);
  troubleSuite(newFleet);
  deletionSuite(newFleet);
  driftSuite(newFleet);
  pruneSuite(newFleet);
  dryRunSuite(newFleet);
});
