import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClusterView } from "../../engine/model/view.ts";
import { EngineError } from "../../engine/model/errors.ts";
import type { OutputStream } from "../../cli/io.ts";
import { renderDiff } from "../../cli/output/diff-text.ts";
import { escapeControl, escapeLine, safeJson } from "../../cli/output/escape-control.ts";
import { createCrowdProgress } from "../../cli/output/crowd-progress.ts";
import { createPrinter, hasColours } from "../../cli/output/printer.ts";
import { createProgress } from "../../cli/output/progress.ts";
import { renderError } from "../../cli/output/problem-text.ts";
import { createStyle } from "../../cli/output/style.ts";
import { renderTable } from "../../cli/output/table.ts";
import { textWidth, truncate } from "../../cli/output/text-width.ts";
import { recordingIo } from "./recording-io.ts";

const plain = createStyle(false);
const coloured = createStyle(true);

/** All that a terminal may act on, line breaks and tabs aside. */
const ACTIVE = /[[\p{Cc}--[\n\t]]\u202a-\u202e\u2066-\u2069]/v;
const anyText = fc.string({ unit: "binary" });

describe("text of a repository or a cluster", () => {
  test("reaches no terminal as a command to it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeControl(text)).not.toMatch(ACTIVE);
        expect(escapeLine(text)).not.toMatch(/[\n\r\t]/);
        expect(renderDiff(text, plain)).not.toMatch(ACTIVE);
        const error = new EngineError("some-code", text, { hint: text, file: text, object: text });
        expect(renderError(error, plain)).not.toMatch(ACTIVE);
        expect(
          renderTable([{ title: "A", value: (row: string) => row }], [text], { style: plain, width: 40 }),
        ).not.toMatch(ACTIVE);
      }),
    );
    expect(escapeControl("a\u001b[31mb\u009b2Jc\u202ed\r")).toBe("a\\u001b[31mb\\u009b2Jc\\u202ed\\u000d");
  });

  test("is the same data in JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyText, (value, text) => {
        const printed = safeJson({ value, text }, 2);
        expect(printed.replaceAll("\n", "")).not.toMatch(ACTIVE);
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify({ value, text })));
      }),
    );
  });
});

describe("width", () => {
  test.each([
    ["abc", 3],
    ["größe", 5],
    ["gro\u0308ße", 5],
    ["東京", 4],
    ["👩‍👩‍👧", 2],
    ["✔", 1],
    ["한국", 4],
    ["", 0],
  ])("of %j is %i", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test("a cut text is never wider than it may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, width) => {
        expect(textWidth(truncate(text, width))).toBeLessThanOrEqual(width);
        if (textWidth(text) <= width) expect(truncate(text, width)).toBe(text);
      }),
    );
  });
});

describe("table", () => {
  const columns = [
    { title: "NAME", value: (row: readonly string[]) => row[0] ?? "" },
    { title: "HEALTH", value: (row: readonly string[]) => row[1] ?? "", state: true },
    { title: "TAGS", value: (row: readonly string[]) => row[2] ?? "" },
  ];

  test("is aligned by what is seen", () => {
    const rows = [
      ["東京", "healthy", "a"],
      ["x", "degraded", ""],
    ];
    expect(renderTable(columns, rows, { style: plain, width: undefined })).toBe(
      "NAME  HEALTH    TAGS\n東京  healthy   a\nx     degraded\n",
    );
  });

  test("fits a terminal and is whole elsewhere", () => {
    const rows = [["dev", "healthy", "x".repeat(200)]];
    const fitted = renderTable(columns, rows, { style: plain, width: 40 });
    expect(Math.max(...fitted.split("\n").map(textWidth))).toBe(40);
    expect(fitted).toContain("…");
    expect(renderTable(columns, rows, { style: plain, width: undefined })).toContain("x".repeat(200));
  });

  test("colours do not move columns", () => {
    const rows = [
      ["dev", "healthy", "a"],
      ["production", "degraded", "b"],
    ];
    const bare = renderTable(columns, rows, { style: plain, width: undefined });
    const painted = renderTable(columns, rows, { style: coloured, width: undefined });
    expect(painted).toContain("\u001b[32mhealthy\u001b[39m");
    expect(stripVTControlCharacters(painted)).toBe(bare);
  });
});

describe("colours", () => {
  const file: OutputStream = { write: () => undefined };
  const terminal: OutputStream = { ...file, isTTY: true };
  const { io } = recordingIo();
  test.each([
    ["a terminal", {}, terminal, true],
    ["no terminal", {}, file, false],
    ["NO_COLOR", { NO_COLOR: "1" }, terminal, false],
    ["an empty NO_COLOR", { NO_COLOR: "" }, terminal, true],
    ["a dumb terminal", { TERM: "dumb" }, terminal, false],
  ])("with %s", (_, env, stream, expected) => {
    expect(hasColours({ ...io, env }, stream)).toBe(expected);
  });

  test("--no-color wins over a terminal", () => {
    const { io: quiet, err } = recordingIo();
    const inTerminal = { ...quiet, stderr: { ...quiet.stderr, isTTY: true } };
    const error = new EngineError("a-code", "what", { hint: "do this" });
    createPrinter(inTerminal, { format: "table", colours: false }).error(error);
    createPrinter(inTerminal, { format: "table", colours: true }).error(error);
    expect(err).toEqual([
      "error[a-code]: what\n  hint: do this\n",
      "\u001b[31merror[a-code]\u001b[39m: what\n  hint: do this\n",
    ]);
  });
});

test("an error shows its place and each of its problems", () => {
  const error = new EngineError("profile-invalid", "the profile is not valid", {
    file: "profiles/web/profile.yaml",
    problems: [
      {
        code: "schema-invalid",
        message: "two\nlines",
        file: "a.yaml",
        line: 3,
        column: 7,
        object: "spec.version",
        hint: "mend it",
      },
    ],
  });
  expect(renderError(error, plain)).toBe(
    [
      "error[profile-invalid]: the profile is not valid",
      "  at profiles/web/profile.yaml",
      "error[schema-invalid]: two",
      "    lines",
      "  at a.yaml:3:7 spec.version",
      "  hint: mend it",
      "",
    ].join("\n"),
  );
});

describe("progress", () => {
  const event = (state: string, message = "") =>
    ({
      id: 1,
      time: "",
      type: "layer",
      cluster: "dev",
      profile: "web",
      layer: "app",
      state,
      message,
    }) as const;
  const view = { name: "dev", health: "healthy", message: "", profiles: [] } as unknown as ClusterView;
  const untimed = (lines: readonly string[]) => lines.join("").replaceAll(/\(\d+\.\ds\)/g, "(t)");

  test("without a terminal is one line for each change", () => {
    const lines: string[] = [];
    const progress = createProgress({ write: (text: string): unknown => lines.push(text) }, plain);
    for (const state of ["applying", "applying"]) progress.show(event(state));
    progress.show(event("healthy", "web/app is healthy"));
    progress.settle(view);
    progress.end();
    expect(untimed(lines)).toBe("● dev/web/app applying (t)\n✔ dev/web/app healthy (t)\n✔ dev healthy (t)\n");
  });

  test("begins with what is not healthy, and tells a deletion by its cluster", () => {
    const lines: string[] = [];
    const progress = createProgress({ write: (text: string): unknown => lines.push(text) }, plain);
    const layer = (name: string, state: string, message: string) => ({ name, state, message });
    const layers = [
      layer("base", "healthy", "of old"),
      layer("app", "waiting", "held"),
      layer("x", "gone", ""),
    ];
    const deleting = { ...view, health: "deleting", message: "so far", profiles: [{ name: "web", layers }] };
    progress.begin(deleting as unknown as ClusterView);
    progress.begin({ ...deleting, name: "two", health: "degraded" } as unknown as ClusterView);
    progress.show({ id: 1, time: "", type: "problem", cluster: "dev", message: "out of reach" });
    progress.show({
      id: 2,
      time: "",
      type: "problem",
      cluster: "dev",
      object: "A b",
      message: "with its layer",
    });
    progress.show({ id: 3, time: "", type: "problem", cluster: "two", message: "elsewhere" });
    progress.end();
    expect(untimed(lines)).toBe(
      "◌ dev/web/app waiting (t): held\n○ dev deleting (t): so far\n" +
        "◌ two/web/app waiting (t): held\n○ dev deleting (t): out of reach\n",
    );
  });

  test("in a terminal changes its lines in place, none wider than the terminal", () => {
    const lines: string[] = [];
    const progress = createProgress(
      { write: (text: string): unknown => lines.push(text), isTTY: true, columns: 30 },
      plain,
    );
    progress.show(event("applying", "x".repeat(100)));
    progress.show(event("healthy"));
    progress.end();
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("\u001b[1A\r\u001b[2K✔ dev/web/app healthy");
    expect(textWidth((lines[0] ?? "").replace("\r\u001b[2K", "").trimEnd())).toBeLessThan(30);
  });

  /** What happens to three of thirty clusters: one gets healthy, one never does, of one nothing is heard. */
  function showCrowd(stream: OutputStream): void {
    const progress = createCrowdProgress(stream, plain, 30);
    const { profile: _profile, layer: _layer, ...health } = { ...event(""), type: "health" as const };
    for (const cluster of ["a", "b"]) {
      progress.show({ ...event("applying"), cluster });
      progress.show({ ...health, cluster, state: "progressing" });
    }
    progress.show({ ...health, cluster: "a", state: "healthy" });
    progress.show({ ...health, cluster: "b", state: "degraded", message: "b is degraded: no image" });
    progress.settle({ ...view, name: "a" });
    progress.settle({ ...view, name: "b", health: "degraded", message: "no image" });
    progress.settle({ ...view, name: "c" });
    progress.end();
  }

  test("of many clusters is one line for each that ends", () => {
    const lines: string[] = [];
    showCrowd({ write: (text: string): unknown => lines.push(text) });
    expect(untimed(lines)).toBe("✔ a healthy (t)\n✖ b degraded (t): no image\n✔ c healthy (t)\n");
  });

  test("of many clusters in a terminal is one line that counts, and those that are not well", () => {
    const lines: string[] = [];
    showCrowd({ write: (text: string): unknown => lines.push(text), isTTY: true, columns: 100 });
    const clear = "\r\u001b[2K";
    const all = untimed(lines);
    expect(all.startsWith(`${clear}0 of 30 clusters healthy, 1 progressing (t)${clear}`)).toBe(true);
    expect(all).toContain(
      `${clear}✖ b degraded (t): no image\n${clear}1 of 30 clusters healthy, 1 degraded (t)`,
    );
    expect(all.endsWith(`${clear}2 of 30 clusters healthy, 1 degraded (t)\n`)).toBe(true);
    expect(all.match(/\n/g)).toHaveLength(2);
  });
});
