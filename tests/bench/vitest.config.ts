import { defineConfig } from "vitest/config";
import { TableReporter } from "./table-reporter.ts";

/** `npm run bench`: rows one after another, on real API servers of this machine. */
export default defineConfig({
  test: {
    include: ["tests/bench/**/*.bench.ts"],
    globalSetup: ["tests/support/global-setup.ts"],
    testTimeout: 30 * 60_000,
    hookTimeout: 10 * 60_000,
    pool: "forks",
    fileParallelism: false,
    reporters: ["default", new TableReporter()],
  },
});
