/** Waits for all, and only then throws the first failure: nothing goes on unseen. */
export async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const done = await Promise.allSettled(work);
  const failed = done.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
