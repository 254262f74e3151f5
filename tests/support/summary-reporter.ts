import type { Reporter, TestModule } from "vitest/node";

/**
 * Closes a run with one plain line: `N passed, N failed`. All that did not pass counts as failed, also tests that
 * never ran because their suite could not begin.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = suites.filter((suite) => suite.errors().length > 0).length;
    const failed = tests.length - passed + broken + errors.length;
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
