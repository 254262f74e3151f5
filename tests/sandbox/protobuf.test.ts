import fc from "fast-check";
import { expect, test } from "vitest";
import { StatusError } from "../../sandbox/api/status-error.ts";
import { decodeProtobuf } from "../../sandbox/http/protobuf/decode.ts";

const text = (field: number, value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
};
const nested = (field: number, ...parts: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
};
const object = (kind: string, ...fields: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from("k8s\0"),
    nested(1, text(1, "v1"), text(2, kind)),
    nested(2, ...fields),
    text(3, ""),
  ]);

test("a field that is not known is refused, never left out", () => {
  const known = object("ConfigMap", nested(1, text(1, "c")));
  expect(decodeProtobuf(known)).toEqual({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } });
  const more = object("ConfigMap", nested(1, text(1, "c")), text(9, "new"));
  expect(() => decodeProtobuf(more)).toThrow(/field 9 of ConfigMap/);
});

test("texts of any script and maps with empty values arrive as they were", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20, unit: "grapheme" })),
      (data) => {
        fc.pre(Object.keys(data).length > 0 && JSON.stringify(data).length < 60 && !("__proto__" in data));
        const entries = Object.entries(data).map(([key, value]) => nested(2, text(1, key), text(2, value)));
        const wellFormed = Object.fromEntries(
          Object.entries(data).map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]),
        );
        expect(decodeProtobuf(object("ConfigMap", ...entries))).toMatchObject({ data: wellFormed });
      },
    ),
  );
});

test("bytes of any kind are an object or a refusal that says what to do", () => {
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => object("Deployment", Buffer.from(bytes))),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      try {
        expect(decodeProtobuf(body)).toHaveProperty("kind");
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
        expect(error).toMatchObject({ code: 415, message: /send JSON or YAML/ });
      }
    }),
  );
});
