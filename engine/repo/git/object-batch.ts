import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import git from "isomorphic-git";
import { expectOutput, type GitRunner } from "./exec.ts";
import { wholeFiles } from "./whole-files.ts";

type BatchType = "tree" | "blob";

/** From so many objects on, one pack is quicker than a file for each. */
const PACK_FROM = 100;
/** Objects that are packed before others get a turn. */
const AT_ONCE = 500;
/** https://git-scm.com/docs/pack-format, *Object types*. */
const TYPE_BITS: Readonly<Record<BatchType, number>> = { tree: 2, blob: 3 };

/** New objects that are written together. Their ids are known at once, before they are written. */
export class ObjectBatch {
  readonly #objects = new Map<string, { readonly type: BatchType; readonly data: Uint8Array }>();

  /** The id of an object that will be written. */
  add(type: BatchType, data: Uint8Array): string {
    const oid = createHash("sha1").update(`${type} ${data.length}\0`).update(data).digest("hex");
    this.#objects.set(oid, { type, data });
    return oid;
  }

  /** Writes all of them: as files where they are few, as one pack through `git index-pack` where they are many. */
  async write(gitdir: string, run: GitRunner): Promise<void> {
    if (this.#objects.size < PACK_FROM) {
      for (const { type, data } of this.#objects.values())
        await git.writeObject({ fs: wholeFiles, gitdir, type, format: "content", object: data });
      return;
    }
    await expectOutput(run, ["--git-dir", gitdir, "index-pack", "--stdin"], { input: await this.#pack() });
  }

  async #pack(): Promise<Buffer> {
    const header = Buffer.alloc(12);
    header.write("PACK");
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(this.#objects.size, 8);
    const parts: Uint8Array[] = [header];
    for (const { type, data } of this.#objects.values()) {
      parts.push(entryHeader(type, data.length), deflateSync(data, { level: 1 }));
      if (parts.length % (2 * AT_ONCE) === 1) await turn();
    }
    const body = Buffer.concat(parts);
    return Buffer.concat([body, createHash("sha1").update(body).digest()]);
  }
}

/** Type and size of an entry in a pack: four bits of the size in the first byte, seven in each that follows. */
function entryHeader(type: BatchType, size: number): Uint8Array {
  const bytes: number[] = [];
  let byte = (TYPE_BITS[type] << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 128);
    byte = rest & 127;
  }
  bytes.push(byte);
  return Uint8Array.from(bytes);
}
