/** What a name may be: an RFC 1123 label, as Kubernetes asks of most names, which is also safe as a directory and inside a Git ref. `constructor` is none: any object of JavaScript has it. */
export const NAME_PATTERN = /^(?!constructor$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const MAX_NAME_LENGTH = 63;

/**
 * Why `name` cannot name a profile, a layer or a cluster; undefined when it can.
 * Rule: RFC 1123 label (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "a name is missing";
  if (name.length > MAX_NAME_LENGTH)
    return `"${name.slice(0, 32)}…" is longer than ${MAX_NAME_LENGTH} characters`;
  if (name === "constructor") return `"${name}" cannot be a name: it means something else to Strata itself`;
  if (!NAME_PATTERN.test(name)) {
    return `"${name}" may hold only a-z, 0-9 and "-", and must begin and end with a letter or digit`;
  }
  return undefined;
}

export const MAX_TAG_LENGTH = 128;
export const TAG_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._/-]*(:[A-Za-z0-9._/-]+)?$/;

/** Why `tag` cannot be a tag of a profile or a cluster (`key:value` or a bare word); undefined when it can. */
export function tagProblem(tag: string): string | undefined {
  if (tag.length > MAX_TAG_LENGTH)
    return `tag "${tag.slice(0, 32)}…" is longer than ${MAX_TAG_LENGTH} characters`;
  if (!TAG_PATTERN.test(tag)) {
    return `tag "${tag}" must be \`key:value\` or a bare word of letters, digits, ".", "_", "/" and "-"`;
  }
  return undefined;
}
