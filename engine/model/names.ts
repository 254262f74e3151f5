/** What a name may be: an RFC 1123 label, as Kubernetes asks of most names, which is also safe as a directory and inside a Git ref. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MAX_LENGTH = 63;

/**
 * Why `name` cannot name a profile, a layer or a cluster; undefined when it can.
 * Rule: RFC 1123 label (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "a name is missing";
  if (name.length > MAX_LENGTH) return `"${name}" is longer than ${MAX_LENGTH} characters`;
  if (!LABEL.test(name)) {
    return `"${name}" may hold only a-z, 0-9 and "-", and must begin and end with a letter or digit`;
  }
  return undefined;
}

const TAG = /^[A-Za-z0-9][A-Za-z0-9._/-]*(:[A-Za-z0-9._/-]+)?$/;

/** Why `tag` cannot be a tag of a profile or a cluster (`key:value` or a bare word); undefined when it can. */
export function tagProblem(tag: string): string | undefined {
  if (tag.length > 128) return `tag "${tag.slice(0, 32)}…" is longer than 128 characters`;
  if (!TAG.test(tag)) {
    return `tag "${tag}" must be \`key:value\` or a bare word of letters, digits, ".", "_", "/" and "-"`;
  }
  return undefined;
}
