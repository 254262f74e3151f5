import type { OutputStream } from "../io.ts";
import { escapeLine } from "./escape-control.ts";
import { terminalWidth } from "./printer.ts";
import { type Progress, REDRAW_MS, renderState } from "./progress.ts";
import type { Style } from "./style.ts";
import { truncate } from "./text-width.ts";

const CLEAR = "\r\u001b[2K";

/**
 * Shows how many clusters get on: on a terminal one line that counts them, elsewhere one line for each that got healthy;
 * and those that are not, with the reason, once that is the last word on them.
 */
export function createCrowdProgress(stream: OutputStream, style: Style, total: number): Progress {
  const started = performance.now();
  const inPlace = stream.isTTY === true;
  const states = new Map<string, string>();
  const written = new Map<string, string>();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);

  function redraw(): void {
    const text = `${countStates(states, total)} (${seconds()}s)`;
    stream.write(`${CLEAR}${truncate(text, (terminalWidth(stream) ?? 80) - 1)}`);
  }
  /** A line that stays. */
  function write(line: string): void {
    stream.write(`${inPlace ? CLEAR : ""}${line}\n`);
    if (inPlace) redraw();
  }
  function tell(name: string, state: string, message: string): void {
    if (written.get(name) === `${state} ${message}`) return;
    written.set(name, `${state} ${message}`);
    write(renderState({ name, state, message, seconds: seconds() }, stream, style));
  }
  const timer = inPlace ? setInterval(redraw, REDRAW_MS) : undefined;
  return {
    show: ({ type, cluster, state = "" }) => {
      if (cluster === undefined) return;
      if (type === "layer" && !states.has(cluster)) states.set(cluster, "progressing");
      if (type !== "health") return;
      states.set(cluster, state);
      if (inPlace) redraw();
      else if (state === "healthy") tell(cluster, state, "");
    },
    // What was healthy before the change is not counted as healthy after it
    begin: () => undefined,
    settle: ({ name, health, message }) => {
      states.set(name, health);
      if (!inPlace || health !== "healthy") tell(name, health, message);
    },
    remark: (text) => write(escapeLine(text)),
    end: () => {
      clearInterval(timer);
      if (!inPlace) return;
      redraw();
      stream.write("\n");
    },
  };
}

/** Such as `27 of 30 clusters healthy, 2 progressing, 1 degraded`. */
function countStates(states: ReadonlyMap<string, string>, total: number): string {
  const counts = Map.groupBy(states.values(), (state) => state);
  const others = [...counts]
    .filter(([state]) => state !== "healthy")
    .map(([state, all]) => `, ${all.length} ${state}`);
  return `${counts.get("healthy")?.length ?? 0} of ${total} clusters healthy${others.join("")}`;
}
