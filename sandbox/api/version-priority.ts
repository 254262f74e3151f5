const STAGES = ["alpha", "beta", ""];

/**
 * Sorts versions as discovery prefers them: stable before beta before alpha, newer before older, other names last
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority).
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [index, value] of left.entries()) {
    const difference = (right[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : Number(a > b);
}

function rank(version: string): readonly number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [-1, 0, 0];
  const [, major = "0", stage = "", minor = "0"] = match;
  return [STAGES.indexOf(stage), Number(major), Number(minor)];
}
