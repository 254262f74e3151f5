/** The part of a pino logger that the server uses: facts, then a static text. */
export interface ServerLog {
  error(facts: Readonly<Record<string, unknown>>, text: string): void;
}
