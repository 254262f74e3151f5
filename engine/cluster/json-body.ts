/** What JSON allows raw in a string and YAML does not: DEL, the C1 controls, BOM, non-characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** `value` as JSON that is also YAML: the API server reads the body of a server-side apply as YAML. */
export function jsonBody(value: unknown): string {
  return JSON.stringify(value).replace(
    NOT_IN_YAML,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
