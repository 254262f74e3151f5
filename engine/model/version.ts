import semver from "semver";

export const MAX_VERSION_LENGTH = 128;
/** SemVer 2.0 without build metadata (https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string). */
export const VERSION_PATTERN =
  /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?$/;

/**
 * Why `text` cannot be a version of a profile; undefined when it can.
 * Rule: SemVer 2.0 without build metadata (https://semver.org), and usable as the last part of a Git ref
 * (https://git-scm.com/docs/git-check-ref-format).
 */
export function versionProblem(text: string): string | undefined {
  if (text.length > MAX_VERSION_LENGTH) return `the version is longer than ${MAX_VERSION_LENGTH} characters`;
  if (text.includes("+")) return `"${text}" has build metadata; leave out everything from "+"`;
  const parsed = semver.parse(text);
  if (parsed === null || parsed.version !== text) {
    const meant = semver.valid(semver.coerce(text, { includePrerelease: true }));
    const advice = meant === null ? "" : `; did you mean ${meant}?`;
    return `"${text}" is not a SemVer version like 1.2.0 or 1.2.3-rc.1${advice}`;
  }
  if (text.endsWith(".lock")) return `"${text}" ends in ".lock", which Git cannot hold as a tag`;
  return undefined;
}

/** Order of two valid versions by SemVer precedence: negative when `a` is lower. */
export function compareVersions(a: string, b: string): number {
  return semver.compare(a, b);
}
