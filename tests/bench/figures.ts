/** What was measured, once a run, in one unit. */
export type Samples = readonly number[];

/** The value below which a part of the samples lies; between two samples, their mean by distance. */
export function quantile(samples: Samples, part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(samples: Samples): number {
  return quantile(samples, 0.5);
}

/** Runs each contestant once a round, in turn, so that a busy minute of the machine hits them all alike. */
export async function alternate<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contestants) as Name[]; // the keys of a record of names
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) samples[name].push(await contestants[name]());
  return samples;
}

/** Milliseconds that an action takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
