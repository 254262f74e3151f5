import { configDefaults, defineConfig } from "vitest/config";
import { SummaryReporter } from "./tests/support/summary-reporter.ts";

const isSandboxOnly = process.env.STRATA_TEST_TARGETS === "sandbox";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(isSandboxOnly ? ["tests/**/*.control-plane.test.ts"] : [])],
    setupFiles: ["tests/support/property-seed.ts"],
    globalSetup: ["tests/support/global-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", new SummaryReporter()],
  },
});
