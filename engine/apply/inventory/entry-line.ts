import { z } from "zod";
import type { Entry } from "./model.ts";

/** One entry as a line of JSON: an array, for size. A new field goes to the end; readers take what they know. */
const EntryLine = z.tuple(
  [
    z.string(), // group
    z.string().min(1), // kind
    z.string(), // namespace
    z.string().min(1), // name
    z.string().min(1), // version
    z.string(), // uid
    z.string(), // sent
    z.string(), // live
    z.string(), // layer
    z.string(), // flags
  ],
  z.unknown(), // replicas that are left to others
);

/** One letter for each fact. */
const FLAGS = { adopted: "a", leaving: "l", complete: "c", failed: "f", fresh: "n", approved: "p" } as const;

export function formatEntry(entry: Entry): string {
  const { group, kind, namespace, name } = entry.id;
  const flags =
    (entry.adopted ? FLAGS.adopted : "") +
    (entry.state === "leaving" ? FLAGS.leaving : "") +
    (entry.job === undefined ? "" : FLAGS[entry.job]) +
    (entry.fresh === true ? FLAGS.fresh : "") +
    (entry.approved === true ? FLAGS.approved : "");
  const { version, uid, sent, live, layer, leftReplicas } = entry;
  const left = leftReplicas === undefined ? [] : [leftReplicas];
  return JSON.stringify([group, kind, namespace, name, version, uid, sent, live, layer, flags, ...left]);
}

/** Undefined where the line is none of ours (someone edited the ConfigMap). */
export function parseEntry(line: string): Entry | undefined {
  const parsed = EntryLine.safeParse(parseJson(line));
  if (!parsed.success) return undefined;
  const [group, kind, namespace, name, version, uid, sent, live, layer, flags, left] = parsed.data;
  const job = flags.includes(FLAGS.failed)
    ? "failed"
    : flags.includes(FLAGS.complete)
      ? "complete"
      : undefined;
  return {
    id: { group, kind, namespace, name },
    state: flags.includes(FLAGS.leaving) ? "leaving" : "wanted",
    version,
    uid,
    sent,
    live,
    layer,
    adopted: flags.includes(FLAGS.adopted),
    ...(job === undefined ? {} : { job }),
    ...(flags.includes(FLAGS.fresh) ? { fresh: true } : {}),
    ...(flags.includes(FLAGS.approved) ? { approved: true } : {}),
    ...(typeof left === "number" ? { leftReplicas: left } : {}),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
