import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with one plain line: `N passed, N failed`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const failedTests = tests.filter((test) => test.result().state === "failed").length;
    const failedModules = modules.filter((module) => module.errors().length > 0).length;
    const failed = failedTests + failedModules + errors.length;
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
