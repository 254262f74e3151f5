/** Runs a step and prints what it took: a figure for docs/reliability.md, no assertion. */
export async function figure<T>(name: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await step();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${name}: ${seconds} s\n`);
  return result;
}
