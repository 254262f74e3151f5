import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import type { Reporter, TestModule } from "vitest/node";
import type { Line } from "./line.ts";

const PAGE = "docs/benchmarks.md";
const HEAD = ["what", "ratio", "Strata", "floor", "peers", "goal", "met"];

/** Prints the rows of a run as one table; with STRATA_BENCH_WRITE=1 the page of benchmarks is written from it. */
export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules
      .toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
      .flatMap((module) => [...module.children.allTests()])
      .flatMap((test) => test.meta().lines ?? []);
    if (lines.length === 0) return;
    const table = renderTable(lines);
    process.stdout.write(`\n${table}\n${machine()}\n`);
    if (process.env.STRATA_BENCH_WRITE === "1") writeFileSync(PAGE, page(table));
  }
}

function renderTable(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.what,
    line.ratio === undefined ? "" : `${line.ratio.toFixed(2)}×`,
    line.strata,
    line.floor ?? "",
    line.peers ?? "",
    line.goal ?? "",
    line.isMet === undefined ? "" : line.isMet ? "yes" : "**no**",
  ]);
  const rule = HEAD.map(() => "---");
  return [HEAD, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function machine(): string {
  const git = execFileSync("git", ["--version"], { encoding: "utf8" }).trim();
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `${availableParallelism()} cores (${model}), ${memory} GiB, Linux, Node ${process.version}, ${git}, kube-apiserver 1.36.3`;
}

function page(table: string): string {
  const day = new Date().toISOString().slice(0, 10);
  return `<!-- Written by \`STRATA_BENCH_WRITE=1 npm run bench\`; what the figures mean stands in benchmarks-notes.md. -->

# Benchmarks

${day}: ${machine()}.

${table}
Where there is a floor, each figure is the median of alternating runs of Strata, floor and peers on one machine at one
time; the ratio is the one that carries over to other machines. [What each row measures, and what missed its goal and why](benchmarks-notes.md).
`;
}
