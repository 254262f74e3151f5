const INTEGER = /^(0|[1-9][0-9]*)$/;

/**
 * Whether the state at `version` is no newer than the one at `than`: integers compare as such (of any length);
 * where one is no integer, only equality counts.
 * Rule: KEP-5504, comparable resource versions.
 */
export function isNotNewer(version: string, than: string): boolean {
  if (version === than) return true;
  if (!INTEGER.test(version) || !INTEGER.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}
