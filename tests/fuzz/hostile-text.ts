import fc from "fast-check";
import { trapString } from "../yaml/arbitraries.ts";

/** Pieces that mean something to a reader of YAML, JSON or to JavaScript. */
const TOKENS = [
  ..."{ } [ ] , : ? - # & * ! | > ' \" % @ ` \n \t \u0000".split(" "),
  " ",
  "\n---\n",
  "\n...\n",
  "\r\n",
  ": ",
  "- ",
  "<<: ",
  "&a ",
  "*a",
  "*a\n",
  "!!binary ",
  "!!int ",
  "!<x> ",
  "!a!b ",
  "%YAML 1.1\n",
  "__proto__: ",
  "constructor: ",
  "prototype: ",
  "$patch: replace\n",
  "$patch: delete\n",
  "$retainKeys: [a]\n",
  "$setElementOrder/containers: [{ name: a }]\n",
  "$deleteFromPrimitiveList/finalizers: [a]\n",
  "items: ",
  "kind: List\n",
  "null",
  "1e999",
  "-0",
  "0644",
  "9007199254740993",
  ".inf",
  "\ufeff",
  "\u2028",
  "\u202e",
  "\u0000",
  "\ud800",
  "x".repeat(6_000),
  "../../x",
  "# file: a.yaml\n",
];

/** Any piece of text that is apt to be read as something else. */
const token = fc.oneof(fc.constantFrom(...TOKENS), trapString, fc.string({ unit: "binary", maxLength: 6 }));

/** One change of a text: a cut of some length at some place (parts of the whole), and what stands there then. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat({ max: 40 })),
  instead: fc.oneof(
    token,
    fc.record({ from: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat({ max: 80 }) }),
  ),
});

/** Valid texts with a few places changed: cut, repeated from elsewhere, or with pieces of syntax put in. */
function mutated(samples: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([sample, changes]) =>
      changes.reduce((text, { at, length, instead }) => {
        const place = Math.floor(at * text.length);
        const from = typeof instead === "string" ? 0 : Math.floor(instead.from * text.length);
        const piece = typeof instead === "string" ? instead : text.slice(from, from + instead.length);
        return text.slice(0, place) + piece + text.slice(place + length);
      }, sample),
    );
}

/** Texts that are far deeper, wider or longer than any real one. */
const extreme = fc
  .tuple(
    fc.constantFrom(
      "[",
      "{a: ",
      "- ",
      "? ",
      "a: [",
      "{",
      "&a [*a, ",
      "a:\n ",
      "'",
      "!!map {",
      "- - ",
      "(",
      "not ",
      "a.",
      "[a=",
    ),
    fc.nat({ max: 5_000 }),
  )
  .map(([piece, times]) => piece.repeat(times));

/** Hostile text for a reader of files that look like the samples. */
export function hostileText(samples: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 10, arbitrary: mutated(samples) },
    { weight: 3, arbitrary: fc.array(token, { maxLength: 30 }).map((parts) => parts.join("")) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    { weight: 1, arbitrary: extreme },
  );
}

/** The same as bytes: in other encodings, with bytes flipped, or no text at all. */
export function hostileBytes(samples: readonly string[]): fc.Arbitrary<Uint8Array> {
  const text = hostileText(samples);
  return fc.oneof(
    { weight: 6, arbitrary: text.map((one) => Buffer.from(one)) },
    { weight: 1, arbitrary: text.map((one) => Buffer.from(`\ufeff${one}`, "utf16le")) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    {
      weight: 2,
      arbitrary: fc.tuple(text, fc.nat(), fc.nat({ max: 255 })).map(([one, at, byte]) => {
        const bytes = Buffer.from(one);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes;
      }),
    },
  );
}
