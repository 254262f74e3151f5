import { EngineError } from "../model/errors.ts";

/** What a manifest file may weigh; etcd takes 1.5 MB for one object, so a larger file is hardly one. */
const MAX_BYTES = 10 * 1024 * 1024;

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\n/;

/**
 * The text of a YAML file, without byte order mark. Throws `yaml-too-large`, `lfs-pointer`, and `yaml-encoding` for anything but
 * UTF-8: what kubectl makes of other bytes depends on luck (it looks for line ends before it looks at the encoding).
 */
export function decodeText(input: string | Uint8Array, file: string): string {
  const text = decode(input, file);
  if (!LFS_POINTER.test(text)) return text;
  throw new EngineError("lfs-pointer", "the file is a pointer of Git LFS: its content is not in Git", {
    file,
    line: 1,
    column: 1,
    hint: "commit the file itself: `git lfs untrack` its pattern, then `git add --renormalize` it",
  });
}

function decode(input: string | Uint8Array, file: string): string {
  const bytes = typeof input === "string" ? Buffer.byteLength(input) : input.length;
  if (bytes > MAX_BYTES) {
    throw new EngineError("yaml-too-large", `the file has more than ${MAX_BYTES / 1024 / 1024} MiB`, {
      file,
      hint: "split it into several files",
    });
  }
  if (typeof input === "string") return input.startsWith("\uFEFF") ? input.slice(1) : input;
  if (startsWith(input, [0xff, 0xfe]) || startsWith(input, [0xfe, 0xff])) {
    throw new EngineError("yaml-encoding", "the file is UTF-16", {
      file,
      line: 1,
      column: 1,
      hint: "save it as UTF-8",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch (cause) {
    throw new EngineError("yaml-encoding", "the file is not UTF-8", {
      file,
      ...invalidPlace(input),
      hint: "save it as UTF-8",
      cause,
    });
  }
}

function startsWith(input: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => input[index] === byte);
}

/** The line of the first byte that is no UTF-8. */
function invalidPlace(input: Uint8Array): { line: number; column: number } {
  let line = 1;
  for (let start = 0; start < input.length; line++) {
    const newline = input.indexOf(10, start);
    const end = newline === -1 ? input.length : newline + 1;
    const text = Buffer.from(input.subarray(start, end));
    const decoded = text.toString("utf8");
    if (!Buffer.from(decoded).equals(text))
      return { line, column: firstDifference(Buffer.from(decoded), text) + 1 };
    start = end;
  }
  return { line, column: 1 };
}

function firstDifference(a: Buffer, b: Buffer): number {
  const index = a.findIndex((byte, position) => byte !== b[position]);
  return a.subarray(0, index).toString("utf8").length;
}
