import type { EngineEvent } from "../../engine/model/event.ts";
import type { ClusterView, LayerView } from "../../engine/model/view.ts";
import type { OutputStream } from "../io.ts";
import { escapeLine } from "./escape-control.ts";
import { terminalWidth } from "./printer.ts";
import { type Style, styleState } from "./style.ts";
import { truncate } from "./text-width.ts";

const GLYPHS: Readonly<Record<string, string>> = {
  healthy: "✔",
  failed: "✖",
  degraded: "✖",
  unreachable: "✖",
  applying: "●",
  progressing: "●",
  waiting: "◌",
  gone: "✔",
};

/** The clock of a line that stands still is wrong for so long at most. */
export const REDRAW_MS = 1_000;

/** Shows how layers get on: on a terminal lines that change in place, elsewhere one line for each change. */
export interface Progress {
  show(event: EngineEvent): void;
  /** The state that there is at the beginning, of what is not healthy. */
  begin(view: ClusterView): void;
  /** The last word on a cluster. */
  settle(view: ClusterView): void;
  remark(text: string): void;
  end(): void;
}

interface Line {
  readonly name: string;
  readonly state: string;
  readonly message: string;
  /** Milliseconds from the start of the wait to this state. */
  readonly after: number;
}

export function createProgress(stream: OutputStream, style: Style): Progress {
  const started = performance.now();
  const inPlace = stream.isTTY === true;
  const lines = new Map<string, Line>();
  let drawn = 0;

  function redraw(): void {
    const up = drawn === 0 ? "" : `\u001b[${drawn}A`;
    const body = [...lines.values()].map((line) => `\r\u001b[2K${render(line, stream, style, started)}\n`);
    stream.write(up + body.join(""));
    drawn = lines.size;
  }
  function update(name: string, state: string, message: string): void {
    const before = lines.get(name);
    if (before?.state === state && before.message === message) return;
    const line = { name, state, message, after: performance.now() - started };
    lines.set(name, line);
    if (inPlace) redraw();
    else stream.write(`${render(line, stream, style, started)}\n`);
  }
  const timer = inPlace ? setInterval(redraw, REDRAW_MS) : undefined;
  return {
    show: ({ type, cluster = "", profile, layer, state = "", object, message }) => {
      if (type === "layer") {
        const name = [cluster, profile, layer].filter((part) => part !== undefined).join("/");
        update(name, state, message === `${profile}/${layer} is ${state}` ? "" : message);
      }
      if (type === "health" && state === "deleting") update(cluster, state, "");
      // What holds up an object is told with its layer
      if (type === "problem" && object === undefined && lines.get(cluster)?.state === "deleting")
        update(cluster, "deleting", message);
    },
    begin: (view) => {
      for (const { name, layer } of layersOf(view)) {
        if (layer.state !== "healthy" && layer.message !== "") update(name, layer.state, layer.message);
      }
      if (view.health === "deleting") update(view.name, view.health, view.message);
    },
    settle: (view) => {
      for (const { name, layer } of layersOf(view)) update(name, layer.state, layer.message);
      update(view.name, view.health, view.message);
    },
    remark: (text) => {
      stream.write(`${escapeLine(text)}\n`);
      drawn = 0;
    },
    end: () => clearInterval(timer),
  };
}

function layersOf(view: ClusterView): { readonly name: string; readonly layer: LayerView }[] {
  return view.profiles.flatMap((profile) =>
    profile.layers.map((layer) => ({ name: `${view.name}/${profile.name}/${layer.name}`, layer })),
  );
}

/** States that go on by themselves: their clock runs. */
const MOVING = new Set(["applying", "progressing", "waiting", "pending", "deleting"]);

function render(line: Line, stream: OutputStream, style: Style, started: number): string {
  const clock = MOVING.has(line.state) && stream.isTTY === true ? performance.now() - started : line.after;
  return renderState({ ...line, seconds: (clock / 1000).toFixed(1) }, stream, style);
}

/** The state of a cluster or a layer as one line, on a terminal no wider than that. */
export function renderState(
  one: { readonly name: string; readonly state: string; readonly message: string; readonly seconds: string },
  stream: OutputStream,
  style: Style,
): string {
  const glyph = styleState(style, one.state, GLYPHS[one.state] ?? "○");
  const message = one.message === "" ? "" : `: ${one.message}`;
  const text = escapeLine(`${one.name} ${one.state} (${one.seconds}s)${message}`);
  return `${glyph} ${stream.isTTY === true ? truncate(text, (terminalWidth(stream) ?? 80) - 3) : text}`;
}
