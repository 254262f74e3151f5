/** One field as it is on the wire: a number for a varint, bytes for what has a length. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** A body that is no protobuf, or holds what the sandbox does not read. */
export class UnreadableProtobuf extends Error {}

/** The fields of a message in the order of the wire (https://protobuf.dev/programming-guides/encoding/). */
export function* wireFields(message: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new UnreadableProtobuf("a number in the body does not end");
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if ((tag & 7) === 0) yield { number, value: varint() };
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (length < 0 || at + length > message.length)
        throw new UnreadableProtobuf("a part of the body is longer than the body");
      yield { number, value: message.subarray(at, at + length) };
      at += length;
    } else throw new UnreadableProtobuf(`the body has a field of wire type ${tag & 7}`);
  }
}
