import { EngineError } from "../model/errors.ts";

const NEWLINE = 0x0a;

/** The longest line that is read: an object is at most a few MiB. */
const MAX_LINE = 32 * 1024 * 1024;

/**
 * The JSON values in a stream of lines. Lines end with the byte `\n` alone: U+2028 and a chunk that ends inside a
 * character split nothing. What follows the last `\n` is dropped: it is a line that was cut off.
 * @throws EngineError `stream-broken` where a line is no JSON or longer than `maxLine` bytes
 */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLine: number = MAX_LINE,
): AsyncGenerator<unknown> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const last = chunk.subarray(start, end);
      start = end + 1;
      if (length + last.length > maxLine) throw tooLong(maxLine);
      const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      length = 0;
      if (line.length > 0) yield parse(line);
    }
    if (start === chunk.length) continue;
    const rest = chunk.subarray(start);
    length += rest.length;
    if (length > maxLine) throw tooLong(maxLine);
    parts.push(rest);
  }
}

function parse(line: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8"));
  } catch {
    throw new EngineError("stream-broken", "the API server sent a line that is no JSON", { retryable: true });
  }
}

function tooLong(maxLine: number): EngineError {
  return new EngineError("stream-broken", `the API server sent a line of more than ${maxLine} bytes`, {
    retryable: true,
  });
}
