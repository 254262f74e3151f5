import { EngineError } from "../../model/errors.ts";

/**
 * As Git says it, and Node: the disk, the quota or what a file may have is used up. Of a ref whose file it could open
 * and not fill, Git does not say why.
 */
const FULL =
  /no space left on device|disk quota exceeded|file too large|couldn't write '[^']+\.lock'|\b(ENOSPC|EDQUOT|EFBIG)\b/i;

/** What went wrong, where it is that nothing more fits on the disk; undefined for anything else. */
export function diskFull(said: string, dir: string): EngineError | undefined {
  if (!FULL.test(said)) return undefined;
  return new EngineError("disk-full", `there is no space left to write to ${dir}`, {
    hint: "free some space; a running engine tries again by itself",
    retryable: true,
  });
}
