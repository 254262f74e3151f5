/** Something in one document that has no meaning, or not the one that kubectl gives it; `offset` is where in its text. */
export class YamlFault extends Error {
  readonly code: string;
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(code: string, message: string, offset: number, hint?: string) {
    super(message);
    this.name = "YamlFault";
    this.code = code;
    this.offset = offset;
    this.hint = hint;
  }
}
