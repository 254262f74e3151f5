#!/usr/bin/env node
// Old Node versions must be able to parse this file: nothing newer than dynamic import here.
var parts = process.versions.node.split(".");
var major = Number(parts[0]);
var minor = Number(parts[1]);

if (major > 24 || (major === 24 && minor >= 15)) {
  // What was compiled once is kept beside other temporary files, which spares every later start half its time
  void import("node:module")
    .then(function (module) {
      module.enableCompileCache();
      return import("./run-process.ts");
    })
    .then(function (module) {
      return module.runProcess();
    });
} else {
  console.error(
    "error[node-too-old]: strata needs Node 24.15 or newer, and this is Node " +
      process.versions.node +
      "\n  hint: get it from https://nodejs.org/en/download, or run: npx -p node@24 -p strata-gitops strata",
  );
  process.exitCode = 1;
}
